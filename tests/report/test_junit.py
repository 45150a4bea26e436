"""JUnit XML, read back by a consumer of it: it fails where the exit code does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import pytest
from junitparser import Error, Failure, JUnitXml, Skipped

from nimnetcheck.model import Judgement, Verdict
from nimnetcheck.report.junit import render
from nimnetcheck.report.style import Style

if TYPE_CHECKING:
    from nimnetcheck.model import Report


def read(report: Report) -> JUnitXml:
    return JUnitXml.fromstring(render(report, Style()).encode())


def test_a_consumer_counts_what_the_report_counts(report: Report) -> None:
    (suite,) = read(report)
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (4, 2, 0, 0)
    assert [case.name for case in suite] == [judgement.subject for judgement in report.judgements]
    assert suite.hostname == "nim-01"
    properties = suite.properties()  # type: ignore[no-untyped-call]  # theirs has no types
    assert {each.name: each.value for each in properties}["run_id"] == "0123456789ab"


def test_a_failure_says_why_and_what_to_do(report: Report) -> None:
    usage = next(case for case in next(iter(read(report))) if case.name == "usage")
    (result,) = usage.result
    assert isinstance(result, Failure)
    assert result.message.startswith("IPv4 tls: tls untrusted")
    assert "[tls." in result.text
    assert "Do: " in result.text


@pytest.mark.parametrize(
    ("verdict", "element"),
    [
        (Verdict.PASS, None),
        (Verdict.WARN, None),
        (Verdict.SKIP, Skipped),
        (Verdict.UNKNOWN, Error),
        (Verdict.FAIL, Failure),
    ],
)
def test_each_verdict_has_its_element(report: Report, verdict: Verdict, element: type | None) -> None:
    judged = (Judgement(subject="usage", verdict=verdict, summary="so it is"),)
    (case,) = next(iter(read(attrs.evolve(report, judgements=judged))))
    assert [type(result) for result in case.result] == ([element] if element else [])


def test_what_no_xml_may_hold_is_not_in_it(report: Report) -> None:
    text = render(attrs.evolve(report, notes=("a\x00b\ud800c\ufffed <&>",)), Style())
    assert "a?b?c?d &lt;&amp;&gt;" in text
    assert "evil?[2J?issuer" in text
    assert JUnitXml.fromstring(text.encode())
