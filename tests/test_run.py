"""A run frames what was seen, and its headline names what decided it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from nimnetcheck.model import Failure, Judgement, Observation, Outcome, Rung, Setting, Verdict
from nimnetcheck.run import Run, headline


def judgement(subject: str, verdict: Verdict) -> Judgement:
    return Judgement(subject=subject, verdict=verdict, summary="")


def test_a_report_holds_the_verdict_the_exit_code_and_the_settings() -> None:
    run = Run(command="probe", settings=(Setting(key="timeout", value="5", source="flag"),))
    seen = Observation(
        subject="host", rung=Rung.HOST, title="Clock", outcome=Outcome.FAILED, failure=Failure.CLOCK_WRONG
    )
    report = run.report((seen,))
    assert (report.verdict, report.exit_code) == (Verdict.FAIL, 1)
    assert report.settings == run.settings
    assert [finding.code for finding in report.findings] == ["local.bad-clock"]
    assert report.duration_s >= 0
    assert report.started_at.utcoffset() is not None


def test_two_runs_have_two_names() -> None:
    assert Run(command="probe").run_id != Run(command="probe").run_id


def test_the_headline_names_what_decided() -> None:
    several = [judgement(f"e{n}", Verdict.FAIL) for n in range(6)]
    assert headline(Verdict.FAIL, several) == "6 of 6 failed: e0, e1, e2, e3 and 2 more."
    assert "e0" in headline(Verdict.UNKNOWN, [judgement("e0", Verdict.UNKNOWN)])
    assert headline(Verdict.SKIP, []) == "Nothing was checked."


@pytest.mark.parametrize(
    ("days_left", "severity", "exit_code", "said"),
    [
        (170, "warning", 0, ""),
        (30, "error", 1, "in 30 days"),
        (3, "error", 1, "in 3 days"),
        (-4, "error", 1, "4 days ago"),
    ],
)
def test_what_leads_to_a_stop_soon_is_no_warning_any_more(
    days_left: int, severity: str, exit_code: int, said: str
) -> None:
    now = datetime(2026, 11, 25, tzinfo=timezone.utc)
    written = now + timedelta(days=days_left - 180)
    state = Observation(
        subject="host",
        rung=Rung.HOST,
        title="State of reporting",
        outcome=Outcome.FAILED,
        failure=Failure.REPORTING_FAILING,
        required=False,
        evidence={"state_written": written.isoformat()},
    )
    report = Run(command="diagnose", started_at=now).report((state,))
    assert [finding.severity for finding in report.findings] == [severity]
    assert report.exit_code == exit_code
    assert report.headline.endswith(f"NGINX Plus stops {said}." if said else "warnings: host.")


def test_a_failure_says_how_urgent_it_is_and_what_passes_does_not() -> None:
    now = datetime(2026, 11, 25, tzinfo=timezone.utc)
    evidence = {"accepted": (now - timedelta(days=10)).isoformat()}
    accepted = Observation(subject="logs", rung=Rung.SUBMIT, title="nms.log", outcome=Outcome.PASSED, evidence=evidence)
    clock = Observation(
        subject="host", rung=Rung.HOST, title="Clock", outcome=Outcome.FAILED, failure=Failure.CLOCK_WRONG
    )
    run = Run(command="diagnose", started_at=now)
    assert run.report((clock, accepted)).headline == "1 of 2 failed: host. NGINX Plus stops in 170 days."
    assert "NGINX" not in run.report((clock,)).headline
    assert "NGINX" not in run.report((accepted,)).headline
