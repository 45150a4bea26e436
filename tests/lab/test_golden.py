"""What every scenario showed is judged again, without any network, and means the same."""

from __future__ import annotations

import json

import pytest

from nimnetcheck.diagnosis.entries import BY_CODE
from nimnetcheck.report import saved
from tests.lab import golden
from tests.lab.scenarios import SCENARIOS

WITHOUT_SCENARIO = {"unknown": "what can be made has a name"}


def test_every_scenario_has_its_case_and_no_other_is_left() -> None:
    assert {path.stem for path in golden.FOLDER.glob("*.json")} == set(SCENARIOS)


def test_every_cause_has_a_scenario_in_which_it_is_found_first() -> None:
    found = {scenario.expected[0] for scenario in SCENARIOS.values() if scenario.expected}
    assert set(BY_CODE) - found == set(WITHOUT_SCENARIO)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_case_is_judged_as_it_was_on_the_day(name: str) -> None:
    scenario = SCENARIOS[name]
    found = [finding.code for finding in saved.read(golden.path(name)).report().findings]
    assert found[:1] == list(scenario.expected[:1])
    assert set(scenario.expected) <= set(found)
    assert not set(scenario.never) & set(found)


@pytest.mark.parametrize(("name", "asked"), [("tcp.no-egress", True), ("tcp.drop-path.nobody-else", False)])
def test_nobody_else_is_walked_to_where_the_user_wants_none(name: str, *, asked: bool) -> None:
    seen = saved.read(golden.path(name)).observations
    walked_to = {one.evidence["address"] for one in seen if "hops" in one.evidence}
    assert len(walked_to) == (2 if asked else 1)
    assert ("198.41.0.4" in walked_to) is asked


@pytest.mark.parametrize(
    ("name", "where"),
    [("sni.drop", "is lost after 10.20.0.1 (hop 1)"), ("sni.reset", "gets a RST at hop 2"), ("sni.close", "at hop 3")],
)
def test_a_filter_by_name_is_told_with_its_place(name: str, where: str) -> None:
    (finding, *_) = saved.read(golden.path(name)).report().findings
    assert any(where in line for line in finding.evidence)


def test_two_runs_of_one_scenario_are_kept_alike() -> None:
    kept = json.loads(golden.path("clean").read_text(encoding="utf-8"))
    later = {**kept, "run_id": "ffffffffffff", "duration_s": 9.0, "host": "elsewhere"}
    later["observations"] = [{**seen, "started_s": 1.23456} for seen in kept["observations"]]
    assert later != kept
    assert golden.normalise(later) == kept
