"""The clock: differences, the time, and a pause."""

from __future__ import annotations

from datetime import timedelta

from nimnetcheck.net import monotonic, pause, utc_now


def test_the_clock_never_goes_back_and_a_pause_passes_time() -> None:
    before_s = monotonic()
    pause(0.01)
    assert monotonic() - before_s >= 0.01


def test_the_time_is_utc() -> None:
    assert utc_now().utcoffset() == timedelta(0)
