"""TAP, read back by a parser of it: it is `ok` where the exit code is 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import pytest
from tap.parser import Parser

from nimnetcheck.model import Judgement, Verdict
from nimnetcheck.report.style import Style
from nimnetcheck.report.tap import render

if TYPE_CHECKING:
    from nimnetcheck.model import Report


def read(report: Report) -> list[Any]:
    return list(Parser().parse_text(render(report, Style())))


def results(report: Report) -> list[Any]:
    return [line for line in read(report) if line.category == "test"]


def test_a_parser_reads_every_line(report: Report) -> None:
    lines = read(report)
    assert [line for line in lines if line.category == "unknown"] == []
    assert next(line.expected_tests for line in lines if line.category == "plan") == 4
    assert [(line.number, line.ok) for line in results(report)] == [(1, True), (2, True), (3, False), (4, False)]


def test_reasons_are_in_yaml(report: Report) -> None:
    reasons = results(report)[2].yaml_block
    assert reasons["verdict"] == "FAIL"
    assert reasons["message"].startswith("IPv4 tls: tls untrusted")
    assert any(line.startswith("Do: ") for line in reasons["because"])


@pytest.mark.parametrize(
    ("verdict", "ok", "skip"),
    [
        (Verdict.PASS, True, False),
        (Verdict.WARN, True, False),
        (Verdict.SKIP, True, True),
        (Verdict.UNKNOWN, False, False),
        (Verdict.FAIL, False, False),
    ],
)
def test_each_verdict_has_its_line(report: Report, verdict: Verdict, ok: bool, skip: bool) -> None:  # noqa: FBT001 (a table)
    judged = (Judgement(subject="usage", verdict=verdict, summary="the names # TODO\nnot ok 7"),)
    (line,) = results(attrs.evolve(report, judgements=judged))
    assert (line.ok, line.skip, line.todo) == (ok, skip, False)


def test_a_run_that_checked_nothing_is_a_skipped_plan(report: Report) -> None:
    (plan,) = [line for line in read(attrs.evolve(report, judgements=())) if line.category == "plan"]
    assert (plan.expected_tests, bool(plan.directive.skip)) == (0, True)
