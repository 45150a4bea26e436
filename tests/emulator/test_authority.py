"""What the throw-away authority signs is trusted through it alone, and shows nothing of itself."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from nimnetcheck.emulator.authority import Authority

NOW = datetime(2026, 11, 24, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def test_its_own_licence_is_accepted_and_no_other(authority: Authority) -> None:
    licence = authority.licence(NOW, timedelta(days=365))
    assert authority.accepts(f"Bearer {licence}")
    assert not Authority().accepts(f"Bearer {licence}")
    head, _, signature = licence.rpartition(".")
    assert not authority.accepts(f"Bearer {head}.{signature[::-1]}")


@pytest.mark.parametrize("header", ["", "Bearer", "bearer x.y.z", "Basic x", "Bearer " + "a" * 100_000, "Bearer \x00"])
def test_nonsense_is_refused(authority: Authority, header: str) -> None:
    assert not authority.accepts(header)


def test_no_key_is_shown(authority: Authority) -> None:
    assert "RSA" not in repr(authority)
    assert b"PRIVATE" not in authority.ca_pem
