"""A clock is held against the release and against what trusted answers say; what is no date is no evidence."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest

from nimnetcheck.model import Failure, Observation, Outcome, Rung
from nimnetcheck.site.clock import clock

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)


def answer(date: str) -> Observation:
    return Observation(subject="usage", rung=Rung.HTTP, title="GET /", outcome=Outcome.PASSED, evidence={"date": date})


def test_a_clock_before_the_release_is_wrong() -> None:
    seen = clock(datetime(1970, 1, 1, tzinfo=timezone.utc))
    assert seen.failure is Failure.CLOCK_WRONG


@pytest.mark.parametrize(
    ("skew_s", "failure"), [(0, None), (299, None), (-299, None), (3600, "ahead"), (-3600, "behind")]
)
def test_the_clock_is_held_against_the_vendors_answers(skew_s: int, failure: str | None) -> None:
    seen = clock(NOW, [answer(format_datetime(NOW - timedelta(seconds=skew_s), usegmt=True))])
    assert (seen.failure is Failure.CLOCK_WRONG) == (failure is not None)
    assert (failure or "UTC") in seen.detail


def test_a_date_that_is_none_is_no_evidence() -> None:
    assert clock(NOW, [answer("yesterday")]).outcome is Outcome.PASSED
