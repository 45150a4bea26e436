"""Every scenario names its cause as the first finding, and none of its look-alikes."""

from __future__ import annotations

import pytest

from tests.lab import outside
from tests.lab.scenarios import SCENARIOS, TABLES

CLEAN_RUNS = 10


def test_every_scenario_has_a_name_of_its_own() -> None:
    assert len(SCENARIOS) == sum(len(table) for table in TABLES)


@pytest.mark.kernel
@pytest.mark.slow
@pytest.mark.usefixtures("laboratory")
@pytest.mark.parametrize("name", SCENARIOS)
def test_the_cause_is_the_first_finding(name: str) -> None:
    scenario, reason = SCENARIOS[name], outside.why_not_as(name)
    if reason:
        pytest.skip(reason)
    found = codes(outside.report(name))
    if not scenario.expected:
        assert found == []
    assert found[:1] == list(scenario.expected[:1])
    assert set(scenario.expected) <= set(found)
    assert not set(scenario.never) & set(found)


@pytest.mark.kernel
@pytest.mark.slow
@pytest.mark.usefixtures("laboratory")
def test_a_clean_network_gives_no_finding_ten_times_in_a_row() -> None:
    assert [codes(found) for found in outside.reports("clean", CLEAN_RUNS)] == [[]] * CLEAN_RUNS


def codes(report: dict[str, object]) -> list[str]:
    """The codes of a report's findings, in their order."""
    findings = report["findings"]
    assert isinstance(findings, list)
    return [finding["code"] for finding in findings]
