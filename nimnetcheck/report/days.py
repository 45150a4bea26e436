"""How much time is left, in words: what decides how urgent the rest of a report is; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.diagnosis.deadlines import SOON

if TYPE_CHECKING:
    from nimnetcheck.model import Deadline

NEAR = 90  # days


def when(days: int) -> str:
    """In how many days, or how many ago."""
    if days == 0:
        return "today"
    many = "day" if abs(days) == 1 else "days"
    return f"in {days} {many}" if days > 0 else f"{-days} {many} ago"


def words(deadline: Deadline) -> str:
    """The deadline in one line: when, what happens then, and who says so."""
    return f"{when(deadline.days_left)}, {deadline.due:%Y-%m-%d}: {deadline.words} ({deadline.source})"


def urgency(deadline: Deadline) -> str:
    """`bad` within a month or past, `warn` within a quarter, `none` beyond."""
    return "bad" if deadline.days_left <= SOON else "warn" if deadline.days_left <= NEAR else "none"
