"""The fifteen causes that must never be named wrongly, each in several presentations and beside its look-alikes.

A case is what was seen, as a saved report holds it (what is left out has its default), and what must be found in it.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from nimnetcheck.report import saved
from nimnetcheck.report.json import SCHEMA_VERSION, envelope

FOLDER = Path(__file__).parents[1] / "cases" / "fifteen"
CASES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}
CAUSES = 15
PRESENTATIONS = 3
FRAME = {
    "command": "diagnose",
    "run_id": "000000000000",
    "started_at": "2026-11-25T08:00:00.000Z",
    "duration_s": 1.0,
    "host": "nim-01",
    "effective_config": [],
    "notes": [],
}
DEFAULTS: dict[str, Any] = {
    "failure": None,
    "because": "",
    "detail": "",
    "required": True,
    "control": False,
    "target": None,
    "started_s": 0.0,
    "elapsed_s": 0.0,
    "evidence": {},
}


def report(case: Any) -> Any:  # noqa: ANN401 (a JSON document)
    """The case as a saved report."""
    return envelope(**FRAME, observations=[whole(one) for one in case["observations"]])


def whole(observation: dict[str, Any]) -> dict[str, Any]:
    target = observation.get("target")
    if target:
        target = {"dialled": {"address": target["address"], "port": target["port"]}, **target}
    return {**DEFAULTS, **observation, "target": target}


@pytest.mark.parametrize("name", CASES)
def test_the_cause_is_named(name: str) -> None:
    case = CASES[name]
    findings = saved.parse(report(case), name).report().findings
    codes = [finding.code for finding in findings if finding.severity != "info"]
    assert codes == case["expected"]
    assert not set(case["never"]) & {finding.code for finding in findings}


def test_each_of_the_fifteen_has_three_presentations() -> None:
    presented = Counter(case["rank"] for name, case in CASES.items() if "look-alike" not in name)
    assert sorted(presented) == list(range(1, CAUSES + 1))
    assert min(presented.values()) >= PRESENTATIONS


def test_cases_are_of_the_schema_in_force() -> None:
    assert SCHEMA_VERSION.startswith("1.")
