"""Silence, a RST, and each ICMP message mean different things."""

from __future__ import annotations

import pytest

from nimnetcheck.model import Failure, Rung
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code


@pytest.mark.parametrize(
    ("failure", "rung", "expected"),
    [
        (Failure.TCP_TIMEOUT, Rung.TCP, "tcp.drop-path"),
        (Failure.TCP_REFUSED, Rung.TCP, "tcp.refused"),
        (Failure.PORT_UNREACHABLE, Rung.TCP, "icmp.port-unreach"),
        (Failure.TCP_RESET, Rung.TCP, "tcp.reset"),
        (Failure.ADMIN_PROHIBITED, Rung.TCP, "icmp.admin-prohibited"),
        (Failure.NET_UNREACHABLE, Rung.TCP, "icmp.net-unreach"),
    ],
)
def test_a_failure_alone_has_its_plain_meaning(failure: Failure, rung: Rung, expected: str) -> None:
    assert code(seen("usage", "192.0.2.1", failure, rung)) == expected
