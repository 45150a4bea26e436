"""The TCP rung: one connection to one address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.model import Rung
from nimnetcheck.net.stream import connect

if TYPE_CHECKING:
    from nimnetcheck.model import Observation
    from nimnetcheck.net import Steps
    from nimnetcheck.probe.attempt import Attempt


def climb(attempt: Attempt) -> Steps[Observation]:
    """Connect. That something accepts proves little by itself: anything on the way can; see the rungs above."""
    operation = attempt.begin(Rung.TCP, f"TCP {attempt.target}")
    address, port = attempt.target.dialled
    try:
        attempt.stream = yield from connect(address, port, operation.until_s, segment=attempt.segment)
    except OSError as error:
        return operation.broken(error)
    return operation.passed(attempt.stream.counters())
