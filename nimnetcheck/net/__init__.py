"""The only door to the network and the clock on the client's side.

A probe is a generator: it yields what it waits for and returns what it saw. One loop over `selectors` drives hundreds
of them in one thread.
"""

from __future__ import annotations

from nimnetcheck.net.clock import monotonic, pause, utc_now
from nimnetcheck.net.loop import drive
from nimnetcheck.net.steps import DeadlineError, Fork, Open, Steps, Wait, fork

__all__ = ["DeadlineError", "Fork", "Open", "Steps", "Wait", "drive", "fork", "monotonic", "pause", "utc_now"]
