"""That reports do not get through is told, and after what keeps them from it."""

from __future__ import annotations

import pytest

from nimnetcheck.diagnosis import diagnose, judge
from nimnetcheck.model import Failure, Rung
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (Failure.NEVER_REPORTED, "submit.initial-report-missing"),
        (Failure.REPORTING_FAILING, "submit.grace-running"),
        (Failure.USAGE_UNPROCESSABLE, "submit.unprocessable"),
    ],
)
def test_a_failure_alone_has_its_plain_meaning(failure: Failure, expected: str) -> None:
    assert code(seen("host", None, failure, Rung.HOST)) == expected


def test_the_cause_is_told_before_the_stopped_traffic() -> None:
    observations = [
        seen("host", None, Failure.NEVER_REPORTED, Rung.HOST),
        seen("usage", "192.0.2.1", Failure.TCP_REFUSED),
    ]
    codes = [finding.code for finding in diagnose(observations, judge(observations))]
    assert codes[-1] == "submit.initial-report-missing"
    assert len(codes) == 2
