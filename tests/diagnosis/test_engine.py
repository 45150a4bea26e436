"""One cause is one finding with its scope, and the verdict of a run is the gravest that decides."""

from __future__ import annotations

import attrs
import pytest

from nimnetcheck.diagnosis import conclude, diagnose, judge
from nimnetcheck.model import Confidence, Failure, Judgement, Rung, Scope, Severity, Verdict
from tests.diagnosis.seen import seen


def judgement(verdict: Verdict) -> Judgement:
    return Judgement(subject=verdict.value, verdict=verdict, summary="")


def test_the_same_cause_on_many_targets_is_one_finding() -> None:
    observations = [seen(f"e{n}", f"192.0.2.{n}", Failure.TCP_TIMEOUT) for n in range(1, 7)]
    (finding,) = diagnose(observations, judge(observations))
    assert finding.code == "tcp.drop-path"
    assert finding.subjects == ("e1", "e2", "e3", "e4", "e5", "e6")
    assert "and 2 more" in finding.action
    assert finding.evidence[-1] == "and 2 more"
    assert finding.severity is Severity.ERROR


def test_the_silent_addresses_of_a_range_are_named_by_their_prefix() -> None:
    silent = [seen("range", f"192.0.2.{n}", Failure.TCP_TIMEOUT, named=False) for n in range(64, 128)]
    (finding,) = diagnose(silent, judge(silent))
    assert finding.evidence == ("range, 192.0.2.64/26:443: tcp_timeout",)
    assert "allow TCP to 192.0.2.64/26:443;" in finding.action


def test_a_finding_names_its_page_its_scope_and_a_command_with_the_target_in_it() -> None:
    observations = [seen("usage", "2001:db8::1", Failure.TCP_TIMEOUT)]
    (finding,) = diagnose(observations, judge(observations))
    assert finding.scope is Scope.TARGET
    assert finding.page == "docs/diagnoses/tcp.drop-path.md"
    assert "2001:db8::1" in finding.settle
    assert finding.alternatives


def test_a_failure_beside_a_way_that_works_is_a_warning() -> None:
    observations = [
        seen("usage", "192.0.2.1", None, Rung.HTTP),
        seen("usage", "2001:db8::1", Failure.TCP_TIMEOUT),
    ]
    (finding,) = diagnose(observations, judge(observations))
    assert finding.severity is Severity.WARNING


def test_errors_come_before_warnings() -> None:
    observations = [
        seen("good", "192.0.2.1", None, Rung.HTTP),
        seen("good", "192.0.2.2", Failure.TCP_REFUSED),
        seen("bad", "192.0.2.3", Failure.TCP_TIMEOUT),
    ]
    findings = diagnose(observations, judge(observations))
    assert [finding.code for finding in findings] == ["tcp.drop-path", "tcp.refused"]


@pytest.mark.parametrize(
    ("verdicts", "strict", "expected"),
    [
        ([Verdict.PASS], False, (Verdict.PASS, 0)),
        ([Verdict.PASS, Verdict.WARN], False, (Verdict.WARN, 0)),
        ([Verdict.PASS, Verdict.WARN], True, (Verdict.WARN, 4)),
        ([Verdict.PASS, Verdict.UNKNOWN, Verdict.WARN], True, (Verdict.UNKNOWN, 3)),
        ([Verdict.FAIL, Verdict.UNKNOWN], False, (Verdict.FAIL, 1)),
        ([Verdict.SKIP], False, (Verdict.SKIP, 0)),
    ],
)
def test_exit_codes_are_as_designed(verdicts: list[Verdict], strict: bool, expected: tuple[Verdict, int]) -> None:  # noqa: FBT001 (a table's column)
    assert conclude([judgement(verdict) for verdict in verdicts], strict=strict) == expected


def test_what_a_log_alone_tells_is_possible_and_names_the_host_that_it_names() -> None:
    line = attrs.evolve(seen("logs", None, Failure.TCP_TIMEOUT), evidence={"host": "usage.example"})
    (alone,) = diagnose([line], judge([line]))
    assert (alone.confidence, alone.explanation.startswith("A log alone tells so")) == (Confidence.POSSIBLE, True)
    assert "usage.example" in alone.action
    both = [line, seen("usage", "192.0.2.1", Failure.TCP_TIMEOUT)]
    (probed,) = diagnose(both, judge(both))
    assert not probed.explanation.startswith("A log alone")
    hostile = attrs.evolve(line, evidence={"host": "x; reboot"})
    assert "reboot" not in diagnose([hostile], judge([hostile]))[0].action
