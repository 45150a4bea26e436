"""What this host lacks is told from what lies beyond it."""

from __future__ import annotations

import pytest

from nimnetcheck.model import Failure, Rung
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code


@pytest.mark.parametrize(
    ("failure", "rung", "expected"),
    [
        (Failure.NO_ROUTE, Rung.TCP, "local.no-route"),
        (Failure.HOST_UNREACHABLE, Rung.TCP, "icmp.host-unreach"),
        (Failure.ADMIN_PROHIBITED, Rung.TCP, "icmp.admin-prohibited"),
        (Failure.CLOCK_WRONG, Rung.HOST, "local.bad-clock"),
        (Failure.TOOL_MISSING, Rung.HOST, "local.tool-missing"),
    ],
)
def test_a_failure_alone_has_its_plain_meaning(failure: Failure, rung: Rung, expected: str) -> None:
    assert code(seen("usage", "192.0.2.1", failure, rung)) == expected
