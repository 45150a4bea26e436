"""Names, ranges, host checks and flows are each judged by what they prove, and no more."""

from __future__ import annotations

from ipaddress import ip_address

import attrs

from nimnetcheck.diagnosis.judgement import judge, warn
from nimnetcheck.model import Failure, Finding, Observation, Outcome, Rung, Scope, Severity, Target, Verdict


def at(address: str, rung: Rung, failure: Failure | None = None, *, host: str | None = "usage.example") -> Observation:
    return Observation(
        subject="usage",
        rung=rung,
        title=f"{rung} {address}",
        outcome=Outcome.FAILED if failure else Outcome.PASSED,
        failure=failure,
        target=Target(address=ip_address(address), port=443, host=host),
    )


def step(outcome: Outcome, failure: Failure | None = None, *, required: bool = True) -> Observation:
    return Observation(
        subject="flow", rung=Rung.SUBMIT, title="upload", outcome=outcome, failure=failure, required=required
    )


def verdict(*observations: Observation) -> Verdict:
    (one,) = judge(observations)
    return one.verdict


def finding(severity: Severity) -> Finding:
    return Finding(
        code="a.b",
        severity=severity,
        scope=Scope.TARGET,
        title="intercepted",
        explanation="",
        action="",
        subjects=("usage",),
    )


def test_a_name_reached_on_every_address_passes() -> None:
    assert verdict(at("192.0.2.1", Rung.TCP), at("192.0.2.1", Rung.HTTP), at("2001:db8::1", Rung.HTTP)) is Verdict.PASS


def test_a_control_counts_in_no_verdict() -> None:
    control = attrs.evolve(at("192.0.2.1", Rung.TCP, Failure.TCP_TIMEOUT), control=True)
    assert verdict(at("192.0.2.1", Rung.HTTP), control) is Verdict.PASS


def test_a_name_reached_on_some_addresses_warns() -> None:
    assert verdict(at("192.0.2.1", Rung.HTTP), at("192.0.2.2", Rung.TCP, Failure.TCP_TIMEOUT)) is Verdict.WARN


def test_families_are_judged_apart() -> None:
    broken_v6 = at("2001:db8::1", Rung.TCP, Failure.TCP_TIMEOUT)
    (one,) = judge([at("192.0.2.1", Rung.HTTP), broken_v6])
    assert one.verdict is Verdict.WARN
    assert "IPv4 1 of 1 addresses proven; IPv6 tcp: tcp timeout" in one.summary
    assert verdict(at("192.0.2.1", Rung.TCP, Failure.TCP_TIMEOUT), broken_v6) is Verdict.FAIL


def test_a_host_without_ipv6_is_not_blamed_for_it() -> None:
    assert verdict(at("192.0.2.1", Rung.HTTP), at("2001:db8::1", Rung.TCP, Failure.NO_ROUTE)) is Verdict.PASS
    assert verdict(at("192.0.2.1", Rung.TCP, Failure.NO_ROUTE)) is Verdict.FAIL


def test_what_the_deadline_cut_off_is_inconclusive() -> None:
    assert verdict(at("192.0.2.1", Rung.TCP, Failure.DEADLINE)) is Verdict.UNKNOWN


def test_a_silent_part_of_a_range_is_a_pattern_and_total_silence_a_failure() -> None:
    proven = [at("192.0.2.1", rung, host=None) for rung in (Rung.TCP, Rung.TLS)]
    silent = at("192.0.2.2", Rung.TCP, Failure.TCP_TIMEOUT, host=None)
    assert verdict(*proven) is Verdict.PASS
    assert verdict(*proven, silent) is Verdict.PASS
    assert verdict(*proven, at("192.0.2.3", Rung.TCP, Failure.ADMIN_PROHIBITED, host=None)) is Verdict.WARN
    assert verdict(silent) is Verdict.FAIL


def test_a_flow_fails_with_its_first_broken_step() -> None:
    assert verdict(step(Outcome.PASSED), step(Outcome.PASSED)) is Verdict.PASS
    broken = step(Outcome.FAILED, Failure.SUBMIT_REFUSED)
    assert verdict(step(Outcome.PASSED), broken, step(Outcome.SKIPPED)) is Verdict.FAIL


def test_what_is_not_required_only_warns() -> None:
    assert verdict(step(Outcome.PASSED), step(Outcome.FAILED, Failure.TOOL_MISSING, required=False)) is Verdict.WARN


def test_a_name_that_does_not_resolve_fails() -> None:
    lookup = Observation(subject="teem", rung=Rung.DNS, title="A", outcome=Outcome.FAILED, failure=Failure.DNS_NXDOMAIN)
    (one,) = judge([lookup])
    assert one.verdict is Verdict.FAIL
    assert "dns nxdomain" in one.summary


def test_a_warning_about_what_passed_makes_a_pass_a_warning() -> None:
    judgements = judge([at("192.0.2.1", Rung.HTTP)])
    told = finding(Severity.WARNING)
    assert [one.verdict for one in warn(judgements, [told])] == [Verdict.WARN]
    assert warn(judgements, [told])[0].summary.endswith("; intercepted")
    assert warn(judgements, [finding(Severity.INFO)]) == judgements


def test_a_warning_makes_nothing_better() -> None:
    judgements = judge([at("192.0.2.1", Rung.TCP, Failure.TCP_TIMEOUT)])
    assert warn(judgements, [finding(Severity.WARNING)]) == judgements


def flow(text: str, failure: Failure | None = None) -> Observation:
    return attrs.evolve(
        step(Outcome.FAILED if failure else Outcome.PASSED, failure),
        rung=Rung.PATH,
        title=text,
        evidence={"flow": text},
    )


def told(*observations: Observation) -> str:
    (one,) = judge(observations)
    return one.summary


def test_of_flows_that_the_kernel_judged_it_is_told_how_many_are_blocked() -> None:
    blocked = [flow(f"tcp:192.0.2.{last}:443", Failure.BLOCKED_LOCALLY) for last in (1, 2)]
    left = flow("tcp:192.0.2.3:443")
    assert told(left, *blocked).startswith("2 of 3 addresses, the first tcp:192.0.2.1:443: path: blocked locally")
    assert told(left, blocked[0]).startswith("1 of 2 addresses: tcp:192.0.2.1:443: path")
    unsure = flow("tcp:192.0.2.4:443", Failure.UNKNOWN)
    assert told(*blocked, unsure).startswith("2 of 3 addresses"), "what is not judged is not blocked"


def test_what_goes_to_one_address_in_several_ways_are_flows() -> None:
    asked = flow("udp:192.0.2.53:53", Failure.BLOCKED_LOCALLY)
    assert told(asked, flow("tcp:192.0.2.53:53")).startswith("1 of 2 flows: udp:192.0.2.53:53: path")


def test_errors_about_connections_are_nobodys_flows_and_are_not_counted() -> None:
    unheard = [
        attrs.evolve(flow(f"ICMP errors about {n}", Failure.BLOCKED_LOCALLY), evidence={"flow": "x", "leg": "error"})
        for n in (1, 2)
    ]
    assert told(*unheard).startswith("ICMP errors about 1: path")


def test_one_flow_and_the_steps_of_a_submission_are_not_counted() -> None:
    assert told(flow("tcp:192.0.2.1:443", Failure.BLOCKED_LOCALLY)).startswith("tcp:192.0.2.1:443: path")
    assert told(step(Outcome.PASSED), step(Outcome.FAILED, Failure.HTTP_STATUS)).startswith("upload: ")
