"""Every form of three stored runs, as somebody looked at it and found it good.

`NIMNETCHECK_GOLDEN=write` writes them anew; the difference is then read before it is kept. *blocked* is a night in the
laboratory: a firewall that drops what goes to one name, and says no to half of a range. *refused* is a submission that
F5 refuses, *traced* the verdict of a kernel on a ruleset that drops one of two flows.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Callable

import pytest

from nimnetcheck import __version__
from nimnetcheck.report import FORMS, TICKETS, render, render_ticket
from nimnetcheck.report.style import Style
from tests.report.stored import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimnetcheck.model import Report

FOLDER = Path(__file__).parents[1] / "golden"
RUNS = ("blocked", "refused", "traced")
WRITING = os.environ.get("NIMNETCHECK_GOLDEN") == "write"
NAMES: Mapping[str, Callable[[Report], str]] = {
    "text.txt": lambda report: render(report, "text", Style()),
    "text-60.txt": lambda report: render(report, "text", Style(width=60, ascii_only=True)),
    "text-colour.txt": lambda report: render(report, "text", Style(color=True)),
    "text-verbose.txt": lambda report: render(report, "text", Style(verbose=1)),
    "page.html": lambda report: render(report, "html", Style()),
    "lines.jsonl": lambda report: render(report, "jsonl", Style()),
    "junit.xml": lambda report: render(report, "junit", Style()),
    "tap.txt": lambda report: render(report, "tap", Style()),
    "metrics.prom": lambda report: render(report, "prometheus", Style()),
    "network.txt": lambda report: render_ticket(report, "network", "text"),
    "network.md": lambda report: render_ticket(report, "network", "markdown"),
    "vendor.txt": lambda report: render_ticket(report, "vendor", "text"),
    "vendor.md": lambda report: render_ticket(report, "vendor", "markdown"),
}


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("name", NAMES)
def test_a_form_is_as_it_was(run: str, name: str) -> None:
    made = NAMES[name](read(FOLDER / run / "report.json")).replace(__version__, "VERSION")
    path = FOLDER / run / name
    if WRITING:
        path.write_text(made, encoding="utf-8")
    assert made.splitlines() == path.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("run", RUNS)
def test_the_document_says_all_that_is_in_a_report(run: str) -> None:
    stored = json.loads((FOLDER / run / "report.json").read_text(encoding="utf-8"))
    made = json.loads(render(read(FOLDER / run / "report.json"), "json", Style()))
    assert {**made, "schema_version": "", "tool": {}} == {**stored, "schema_version": "", "tool": {}}


def test_no_form_and_no_page_is_left_out() -> None:
    forms = {"text": "text.txt", "html": "page.html", "jsonl": "lines.jsonl", "junit": "junit.xml", "tap": "tap.txt"}
    assert set(FORMS) == {*forms, "json", "prometheus"}
    assert {f"{ticket}.{suffix}" for ticket in TICKETS for suffix in ("txt", "md")} <= set(NAMES)
    kept = {path.name for run in RUNS for path in (FOLDER / run).iterdir()}
    assert kept == {*NAMES, "report.json"}
