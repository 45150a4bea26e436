"""Each ICMP message from the way has its own meaning, though an errno folds several into one."""

from __future__ import annotations

import pytest

from nimnetcheck.failures import Icmp, of_icmp
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code


@pytest.mark.parametrize(
    ("version", "kind", "number", "expected"),
    [
        (4, 3, 0, "icmp.net-unreach"),
        (4, 3, 1, "icmp.host-unreach"),
        (4, 3, 2, "icmp.proto-unreach"),
        (4, 3, 3, "icmp.port-unreach"),
        (4, 3, 9, "icmp.net-prohibited"),
        (4, 3, 10, "icmp.host-prohibited"),
        (4, 3, 13, "icmp.admin-prohibited"),
        (4, 11, 0, "tcp.loop"),
        (6, 1, 0, "icmp.net-unreach"),
        (6, 1, 1, "icmp.admin-prohibited"),
        (6, 1, 3, "icmp.host-unreach"),
        (6, 1, 4, "icmp.port-unreach"),
        (6, 3, 0, "tcp.loop"),
    ],
)
def test_a_message_has_its_meaning(version: int, kind: int, number: int, expected: str) -> None:
    icmp = {"version": version, "type": kind, "code": number, "sender": None}
    failure = of_icmp(Icmp(version=version, type=kind, code=number))
    assert code(seen("usage", "192.0.2.1", failure, evidence={"icmp": icmp})) == expected
