"""A NIM's versions are compared as numbers, and its registration goes as far as it may."""

from __future__ import annotations

import pytest

from nimnetcheck.emulator.nim.state import CONNECTED, DISCONNECTED, State


def state(version: str, mode: str = DISCONNECTED, **given: int) -> State:
    return State(version=version, mode=mode, subscription="a.b.c", licence="a.b.c", **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(("version", "raw"), [("2.9.0", False), ("2.21.1", False), ("2.22.0", True), ("2.100", True)])
def test_raw_usage_begins_with_2_22(version: str, raw: bool) -> None:  # noqa: FBT001 (a table's column)
    assert state(version).is_raw is raw


@pytest.mark.parametrize(
    ("version", "mode", "confirmed", "last"),
    [
        ("2.19.3", DISCONNECTED, False, "INITIALIZE_ACTIVATION_COMPLETE"),
        ("2.19.3", DISCONNECTED, True, "CONFIG_REPORT_READY"),
        ("2.19.3", CONNECTED, False, "ACTIVATED"),
        ("2.20.0", DISCONNECTED, False, "CONFIG_REPORT_READY"),
        ("2.21.0", CONNECTED, False, "VALID"),
    ],
)
def test_the_registration_ends_where_it_may(version: str, mode: str, confirmed: bool, last: str) -> None:  # noqa: FBT001 (likewise)
    assert state(version, mode, progress=9, confirmed=confirmed).registration == last


def test_there_is_none_without_a_licence_and_nothing_secret_is_shown() -> None:
    assert State(version="2.21.0", subscription="marked-token").registration == ""
    assert "marked-token" not in repr(State(version="2.21.0", subscription="marked-token", licence="marked-token"))
