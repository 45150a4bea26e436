"""What this host's own firewall stops is told by what it stops: the request, its answer, or what routers say of it."""

from __future__ import annotations

import pytest

from nimnetcheck.model import Failure, Rung
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code


@pytest.mark.parametrize(
    ("verdict", "leg", "expected"),
    [
        ("reject", "request", "local.fw-reject"),
        ("drop", "request", "local.fw-drop"),
        ("drop", "reply", "local.fw-reply"),
        ("drop", "error", "local.fw-related"),
    ],
)
def test_what_the_kernel_said_in_a_copy_names_the_cause(verdict: str, leg: str, expected: str) -> None:
    judged = seen("host", None, Failure.BLOCKED_LOCALLY, Rung.PATH, evidence={"kernel": verdict, "leg": leg})
    assert code(judged) == expected


def test_silence_is_this_hosts_own_where_the_syn_never_left() -> None:
    def silent(resent: int) -> str | None:
        counted = {"retransmits": 2, "resent": resent}
        return code(seen("usage", "192.0.2.1", Failure.TCP_TIMEOUT, evidence=counted))

    assert silent(0) == "local.fw-drop"
    assert silent(1) != "local.fw-drop"
