"""Judgements as observations: accepted, blocked, not judged and not tried are four different things."""

from __future__ import annotations

import attrs

from nimnetcheck.diagnosis import conclude, judge
from nimnetcheck.model import Failure, KernelVerdict, Outcome, Severity, Verdict
from nimnetcheck.run import Run
from nimnetcheck.twin.answer import Firewall, Judged, Leg, Rule
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.observe import observe
from nimnetcheck.twin.verdict import NO_ROUTE
from nimnetcheck.twin.wanted import Unknown, Wanted
from tests.twin.blocked import error

V4, V6 = parse("tcp:192.0.2.1:443"), parse("tcp:[2001:db8::1]:443")
RULE = Rule(
    firewall=Firewall.IPTABLES_NFT,
    family="ip",
    table="filter",
    chain="OUTPUT",
    number=2,
    text="-A OUTPUT -j DROP",
    file="f",
    line=9,
)
JUMP = Rule(firewall=Firewall.IPTABLES_NFT, family="ip", table="filter", chain="X", number=1)


def verdict(*judged: Judged, unknown: Unknown | None = None) -> tuple[Verdict, int]:
    asked = [Wanted(subject="usage", flow=one.flow) for one in judged]
    return conclude(judge(observe([*asked, *([unknown] if unknown else [])], judged)), strict=False)


def accepted(flow: object = V4) -> Judged:
    return Judged(flow=V4 if flow is V4 else V6, verdict=KernelVerdict.ACCEPT)


def test_only_accepted_flows_are_a_pass() -> None:
    assert verdict(accepted()) == (Verdict.PASS, 0)
    assert verdict(Judged(flow=V4, verdict=KernelVerdict.DROP, leg=Leg.REQUEST, rule=RULE)) == (Verdict.FAIL, 1)
    assert verdict(Judged(flow=V4, verdict=KernelVerdict.NOT_JUDGED, because="x")) == (Verdict.UNKNOWN, 3)
    assert verdict(accepted(), Judged(flow=V6, verdict=KernelVerdict.NOT_JUDGED, because="x")) == (Verdict.UNKNOWN, 3)


def test_a_family_without_a_route_is_not_held_against_the_other_but_none_at_all_is_no_pass() -> None:
    unrouted = Judged(flow=V6, verdict=KernelVerdict.NOT_JUDGED, because=NO_ROUTE)
    assert verdict(accepted(), unrouted) == (Verdict.PASS, 0)
    assert verdict(unrouted) == (Verdict.UNKNOWN, 3)


def test_a_required_name_without_an_address_is_no_pass_and_an_optional_one_is() -> None:
    assert verdict(accepted(), unknown=Unknown(subject="teem", because="x")) == (Verdict.UNKNOWN, 3)
    assert verdict(accepted(), unknown=Unknown(subject="docs", because="x", required=False)) == (Verdict.PASS, 0)


def test_an_error_that_does_not_come_in_is_a_warning_about_the_host() -> None:
    unheard = Judged(flow=error("tcp:192.0.2.1:443"), verdict=KernelVerdict.DROP, leg=Leg.ERROR, rule=RULE)
    _, seen = observe([Wanted(subject="usage", flow=V4)], [accepted(), unheard])
    assert (seen.subject, seen.title) == ("host", "ICMP errors about tcp:192.0.2.1:443")
    assert seen.detail == "drop on the way in, by iptables-nft ip filter OUTPUT rule 2 (f:9)"
    assert (seen.evidence["kernel"], seen.evidence["leg"]) == ("drop", "error")
    report = Run(command="trace").report(observe([Wanted(subject="usage", flow=V4)], [accepted(), unheard]))
    assert (report.verdict, report.exit_code) == (Verdict.WARN, 0)
    assert [(one.code, one.severity) for one in report.findings] == [("local.fw-related", Severity.WARNING)]
    strict = Run(command="trace", strict=True)
    assert strict.report(report.observations).exit_code == 4


def test_an_error_that_comes_in_is_nothing_to_tell_and_one_that_nobody_could_judge_no_pass() -> None:
    heard = Judged(flow=error("tcp:192.0.2.1:443"), verdict=KernelVerdict.ACCEPT)
    unsure = attrs.evolve(heard, verdict=KernelVerdict.NOT_JUDGED, because="x")
    asked = [Wanted(subject="usage", flow=V4)]
    assert [one.subject for one in observe(asked, [accepted(), heard])] == ["usage"]
    _, seen = observe(asked, [accepted(), unsure])
    assert (seen.outcome, seen.because) == (Outcome.SKIPPED, "x")


def test_a_blocked_flow_says_where_and_by_what() -> None:
    blocked = Judged(flow=V4, verdict=KernelVerdict.DROP, leg=Leg.REPLY, rule=RULE, path=(JUMP,))
    (seen,) = observe([Wanted(subject="usage", flow=V4)], [blocked])
    assert (seen.outcome, seen.failure) == (Outcome.FAILED, Failure.BLOCKED_LOCALLY)
    assert seen.detail == "drop on the way back, by iptables-nft ip filter OUTPUT rule 2 (f:9)"
    rule, path = seen.evidence["rule"], seen.evidence["path"]
    assert isinstance(rule, dict)
    assert isinstance(path, list)
    assert (rule["text"], path[0]["chain"]) == ("-A OUTPUT -j DROP", "X")
    assert seen.evidence["kernel"] == "drop"
