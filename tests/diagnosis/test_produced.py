"""Every entry and every failure is produced by some case, and every entry has its row in the docs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from nimnetcheck.diagnosis.entries import BY_CODE
from nimnetcheck.model import Failure
from nimnetcheck.report import saved
from tests.diagnosis.cases import FOLDER, cases, document

WRITTEN = {**cases("fifteen"), **cases("others")}
REPORTS = [
    *(saved.parse(document(case), name).report() for name, case in WRITTEN.items()),
    *(saved.parse(json.loads(path.read_text("utf-8")), path.name).report() for path in sorted(FOLDER.glob("*.json"))),
]
FOUND = {code for report in REPORTS for finding in report.findings for code in (finding.code, *finding.explains)}
SEEN = {observation.failure for report in REPORTS for observation in report.observations}


@pytest.mark.parametrize("code", BY_CODE)
def test_every_entry_is_produced(code: str) -> None:
    assert code in FOUND


@pytest.mark.parametrize("failure", Failure)
def test_every_failure_is_produced(failure: Failure) -> None:
    assert failure in SEEN


def test_every_entry_has_its_row_among_the_causes() -> None:
    page = (Path(__file__).parents[2] / "docs" / "causes.md").read_text("utf-8")
    assert sorted(re.findall(r"\(diagnoses/([\w.-]+)\.md\)", page)) == sorted(BY_CODE)
