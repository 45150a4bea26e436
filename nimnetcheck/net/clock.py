"""What time it is, how much of it has passed, and doing nothing for a while."""

from __future__ import annotations

import time
from datetime import datetime, timezone


def monotonic() -> float:
    """Seconds on a clock that never goes back; only differences mean something."""
    return time.monotonic()


def utc_now() -> datetime:
    """This host's idea of the time, in UTC."""
    return datetime.now(timezone.utc)


def pause(seconds: float) -> None:
    """Do nothing for a while; a generator yields `Wait(None, None, until)` instead, and lets others go on."""
    time.sleep(seconds)
