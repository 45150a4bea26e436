"""What generators may yield."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.net import Fork, Wait, drive, fork, monotonic

if TYPE_CHECKING:
    from nimnetcheck.net import Steps


def late_by(seconds: float) -> Steps[float]:
    yield Wait(None, None, monotonic() + seconds)
    return seconds


def test_forked_generators_answer_in_their_order_not_in_that_of_their_ends() -> None:
    assert drive(fork(late_by(seconds) for seconds in (0.03, 0.0, 0.01)), 5.0) == (0.03, 0.0, 0.01)


def test_requests_are_values() -> None:
    assert Wait(None, None, 1.0) == Wait(None, None, 1.0)
    assert Fork(()) == Fork(())
