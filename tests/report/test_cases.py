"""A report as cases: one for each judgement, with its reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from nimnetcheck.model import Verdict
from nimnetcheck.report.cases import cases

if TYPE_CHECKING:
    from nimnetcheck.model import Report


def test_there_is_one_case_for_each_judgement_in_their_order(report: Report) -> None:
    assert [(case.subject, case.verdict) for case in cases(report)] == [
        (judgement.subject, judgement.verdict) for judgement in report.judgements
    ]


def test_what_failed_says_why_and_what_passed_says_nothing(report: Report) -> None:
    by_subject = {case.subject: case for case in cases(report)}
    assert by_subject["host"].lines == ()
    assert by_subject["telemetry-range"].lines == ()  # an address was silent, and the range passes all the same
    assert by_subject["usage"].lines[0].startswith("TLS 3.135.72.139: tls_untrusted: ")
    assert any(line.startswith("Do: ") for line in by_subject["usage"].lines)


def test_time_runs_from_the_first_begin_to_the_last_end(report: Report) -> None:
    later = [attrs.evolve(o, started_s=1.0 + n, elapsed_s=0.25) for n, o in enumerate(report.observations)]
    timed = attrs.evolve(report, observations=tuple(later))
    assert {case.subject: case.elapsed_s for case in cases(timed)}["telemetry-range"] == 2.25


def test_controls_are_no_reasons(report: Report) -> None:
    controls = tuple(attrs.evolve(observation, control=True) for observation in report.observations)
    by_subject = {case.subject: case for case in cases(attrs.evolve(report, observations=controls))}
    assert by_subject["usage"].verdict is Verdict.FAIL
    assert not any("tls_untrusted" in line for line in by_subject["usage"].lines[:1])


def test_nothing_unprintable_is_left(report: Report) -> None:
    assert all("\x1b" not in line and "\x07" not in line for case in cases(report) for line in case.lines)
