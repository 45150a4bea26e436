"""Prometheus' text format, read back by promtool and by the client library's own parser."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from typing import TYPE_CHECKING

import attrs
import pytest
from prometheus_client.parser import text_string_to_metric_families

from nimnetcheck.model import Deadline, Judgement, Verdict
from nimnetcheck.report.prometheus import render
from nimnetcheck.report.style import Style
from tests.machine import needed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimnetcheck.model import Report

Read = dict[tuple[str, frozenset[tuple[str, str]]], float]


def read(report: Report) -> Read:
    families = text_string_to_metric_families(render(report, Style()))
    return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}


def at(found: Read, name: str, labels: Mapping[str, str]) -> float | None:
    return found.get((name, frozenset(labels.items())))


def test_success_and_phases_have_the_names_that_dashboards_know(report: Report) -> None:
    found = read(report)
    assert at(found, "probe_success", {"endpoint": "telemetry-range"}) == 1
    assert at(found, "probe_success", {"endpoint": "usage"}) == 0
    assert at(found, "probe_duration_seconds", {"endpoint": "telemetry-range", "phase": "connect"}) == 0.0123
    assert at(found, "nimnetcheck_failures", {"endpoint": "usage", "failure": "tls_untrusted"}) == 1
    assert at(found, "nimnetcheck_exit_code", {}) == 1


def test_no_series_stands_twice(report: Report) -> None:
    twice = attrs.evolve(report, findings=report.findings * 2)
    lines = [line for line in render(twice, Style()).splitlines() if not line.startswith("#")]
    series = [line.rsplit(" ", 1)[0] for line in lines]
    assert len(series) == len(set(series))


@pytest.mark.parametrize(
    ("verdict", "value"),
    [(Verdict.PASS, 1), (Verdict.WARN, 1), (Verdict.FAIL, 0), (Verdict.UNKNOWN, 0), (Verdict.SKIP, None)],
)
def test_what_was_not_judged_is_no_success_and_what_was_not_tried_no_sample(
    report: Report, verdict: Verdict, value: int | None
) -> None:
    judged = (Judgement(subject="usage", verdict=verdict, summary=""),)
    assert at(read(attrs.evolve(report, judgements=judged)), "probe_success", {"endpoint": "usage"}) == value


def test_a_certificate_says_when_it_ends(report: Report) -> None:
    chain = [{"not_after": "2027-01-01T00:00:00Z"}, {"not_after": "2026-12-01T00:00:00Z"}, {"not_after": "junk"}]
    seen = [attrs.evolve(o, evidence={"verified": True, "chain": chain}) for o in report.observations]
    found = read(attrs.evolve(report, observations=tuple(seen)))
    assert at(found, "probe_ssl_earliest_cert_expiry", {"endpoint": "usage"}) == 1796083200


def test_labels_from_outside_are_escaped(report: Report) -> None:
    hostile = 'a"b\\c\nd{}'
    judged = (Judgement(subject=hostile, verdict=Verdict.PASS, summary=""),)
    assert at(read(attrs.evolve(report, judgements=judged)), "probe_success", {"endpoint": hostile}) == 1


def test_promtool_finds_nothing_to_say(report: Report) -> None:
    promtool = needed("promtool", package="prometheus")
    text = render(report, Style())
    checked = subprocess.run([promtool, "check", "metrics"], input=text, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")
    broken = text.replace("# TYPE probe_success gauge", "# TYPE probe_success guage")
    assert subprocess.run(
        [promtool, "check", "metrics"], input=broken, capture_output=True, text=True, check=False
    ).returncode


def test_deadlines_and_the_last_accepted_report_are_counted_in_days(report: Report) -> None:
    due = report.started_at + timedelta(days=30)
    near = Deadline(name="traffic-stops", due=due, days_left=30, words="it stops", source="its state")
    far = attrs.evolve(near, days_left=60)
    seen = attrs.evolve(report.observations[0], evidence={"accepted": "2026-11-14T12:00:00+00:00"})
    found = read(attrs.evolve(report, deadlines=(near, far), observations=(seen,)))
    assert at(found, "nimnetcheck_deadline_days", {"deadline": "traffic-stops"}) == 30
    assert at(found, "nimnetcheck_days_since_accepted_report", {}) == 10


@pytest.mark.parametrize("accepted", [None, "", "soon", 7])
def test_where_nobody_knows_of_a_report_there_is_no_sample(report: Report, accepted: object) -> None:
    seen = attrs.evolve(report.observations[0], evidence={"accepted": accepted})
    assert "accepted" not in render(attrs.evolve(report, observations=(seen,)), Style())
