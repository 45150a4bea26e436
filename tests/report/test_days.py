"""Time that is left, as people say it."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from nimnetcheck.model import Deadline
from nimnetcheck.report.days import urgency, when, words


def deadline(days: int) -> Deadline:
    due = datetime(2026, 12, 24, tzinfo=timezone.utc)
    return Deadline(name="traffic-stops", due=due, days_left=days, words="NGINX Plus stops traffic", source="its state")


@pytest.mark.parametrize(
    ("days", "said"),
    [(30, "in 30 days"), (1, "in 1 day"), (0, "today"), (-1, "1 day ago"), (-9, "9 days ago")],
)
def test_when(days: int, said: str) -> None:
    assert when(days) == said


def test_a_deadline_is_one_line() -> None:
    assert words(deadline(30)) == "in 30 days, 2026-12-24: NGINX Plus stops traffic (its state)"


@pytest.mark.parametrize(("days", "tone"), [(-1, "bad"), (30, "bad"), (31, "warn"), (90, "warn"), (91, "none")])
def test_the_nearer_the_more_urgent(days: int, tone: str) -> None:
    assert urgency(deadline(days)) == tone
