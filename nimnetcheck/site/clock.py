"""Whether this host's clock can be right: certificates and licences are judged by it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from nimnetcheck.model import Failure, Rung
from nimnetcheck.site.host import failed, passed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nimnetcheck.model import Observation

RELEASED = datetime(2026, 11, 1, tzinfo=timezone.utc)  # a clock before this release was made is certainly wrong
MAX_SKEW = timedelta(minutes=5)  # the tolerance that certificates and tokens are commonly issued with


def clock(now: datetime, seen: Sequence[Observation] = ()) -> Observation:
    """Whether this host's clock can be right: not before this release, and near the Date of the vendor's answers.

    An answer's Date counts only where its certificate was verified, that is on the http rung.
    """
    if now < RELEASED:
        return _wrong_clock(f"{now:%Y-%m-%d} is before this release was made")
    for observation in seen:
        skew = _skew(now, observation)
        if skew is not None and abs(skew) > MAX_SKEW:
            side = "ahead of" if skew > timedelta() else "behind"
            return _wrong_clock(f"{abs(skew).total_seconds():.0f} s {side} {observation.subject}")
    return passed("Clock", f"{now:%Y-%m-%d %H:%M:%S} UTC")


def _skew(now: datetime, observation: Observation) -> timedelta | None:
    """How far this host's clock was ahead when the answer came; None where no trusted answer gave a Date."""
    stamp = observation.evidence.get("date")
    if observation.rung is not Rung.HTTP or not isinstance(stamp, str):
        return None
    try:
        theirs = parsedate_to_datetime(stamp)
    except (TypeError, ValueError):
        return None
    return now - (theirs if theirs.tzinfo else theirs.replace(tzinfo=timezone.utc))


def _wrong_clock(detail: str) -> Observation:
    return failed("Clock", Failure.CLOCK_WRONG, detail)
