"""The fifteen causes that must never be named wrongly, each in several presentations and beside its look-alikes."""

from __future__ import annotations

from collections import Counter

import pytest

from nimnetcheck.report import saved
from tests.diagnosis.cases import cases, document

FIFTEEN = cases("fifteen")
OTHERS = cases("others")
CAUSES = 15
PRESENTATIONS = 3


@pytest.mark.parametrize("name", [*FIFTEEN, *OTHERS])
def test_the_cause_is_named(name: str) -> None:
    case = {**FIFTEEN, **OTHERS}[name]
    findings = saved.parse(document(case), name).report().findings
    codes = [finding.code for finding in findings if finding.severity != "info"]
    assert codes == case["expected"]
    assert not set(case["never"]) & {finding.code for finding in findings}


def test_each_of_the_fifteen_has_three_presentations() -> None:
    presented = Counter(case["rank"] for name, case in FIFTEEN.items() if "look-alike" not in name)
    assert sorted(presented) == list(range(1, CAUSES + 1))
    assert min(presented.values()) >= PRESENTATIONS
