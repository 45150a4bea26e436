"""What was not finished, and what has no name, is said as that."""

from __future__ import annotations

import pytest

from nimnetcheck.model import Failure, Rung
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code


@pytest.mark.parametrize(
    ("failure", "rung", "expected"),
    [
        (Failure.DEADLINE, Rung.TCP, "run.deadline"),
        (Failure.UNKNOWN, Rung.TLS, "unknown"),
    ],
)
def test_a_failure_alone_has_its_plain_meaning(failure: Failure, rung: Rung, expected: str) -> None:
    assert code(seen("usage", "192.0.2.1", failure, rung)) == expected
