"""A run frames what was seen, and its headline names what decided it."""

from __future__ import annotations

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
