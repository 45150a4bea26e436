"""Where a failure is: look-alikes are both suspects, and what tells them apart moves the end."""

from __future__ import annotations

import pytest

from nimnetcheck.model import Confidence, Failure, Finding, Rung, Scope, Severity
from nimnetcheck.report.places import BY_FAILURE, ENDINGS, Place, State, broken, states
from tests.report.seen import climbed, looked_up, saw

WORDS = {State.PROVEN: "+", State.ENDS: "X", State.SUSPECT: "?", State.UNREACHED: "-", State.UNSEEN: "."}
TCP, PROXY, TLS, HTTP = Rung.TCP, Rung.PROXY, Rung.TLS, Rung.HTTP


def certain(code: str) -> Finding:
    return Finding(
        code=code,
        severity=Severity.ERROR,
        scope=Scope.TARGET,
        title="",
        explanation="",
        action="",
        subjects=("usage",),
        confidence=Confidence.CERTAIN,
    )


@pytest.mark.parametrize(
    ("rungs", "failure", "picture"),
    [
        # host, resolver, own routes and firewall, proxy, network, vendor
        ((TCP, TLS, HTTP), None, "+++.++"),
        ((TCP,), Failure.NO_ROUTE, "++X---"),
        ((TCP,), Failure.BLOCKED_LOCALLY, "++X---"),
        ((TCP,), Failure.TCP_TIMEOUT, "++???-"),
        ((TCP,), Failure.TCP_REFUSED, "++++??"),
        ((TCP,), Failure.ADMIN_PROHIBITED, "++++X-"),
        ((TCP, TLS), Failure.TLS_UNTRUSTED, "++++?-"),
        ((TCP, TLS), Failure.TLS_TIMEOUT, "++++??"),
        ((TCP, TLS, HTTP), Failure.HTTP_BLOCK_PAGE, "++++X-"),
        ((TCP, TLS, HTTP), Failure.HTTP_TIMEOUT, "++++??"),
        ((TCP, PROXY), Failure.PROXY_DENIED, "+++X--"),
        ((TCP, PROXY), Failure.PROXY_UPSTREAM_FAILED, "++++??"),
    ],
)
def test_each_failure_has_its_place(rungs: tuple[Rung, ...], failure: Failure | None, picture: str) -> None:
    found = states([looked_up("3.135.72.139"), *climbed(*rungs, until=failure)], ())
    assert "".join(WORDS[found[place]] for place in Place) == picture


def test_a_name_that_does_not_resolve_ends_at_the_resolver() -> None:
    ladder = [saw(Rung.DNS, Failure.DNS_NXDOMAIN, address=None), saw(TCP, address=None, skipped=True)]
    assert states(ladder, ())[Place.RESOLVER] is State.ENDS
    assert states(ladder, ())[Place.VENDOR] is State.UNREACHED


@pytest.mark.parametrize(
    ("failures", "picture"),
    [
        ((Failure.NO_ROUTE,), "+-X---"),
        ((Failure.BLOCKED_LOCALLY, Failure.BLOCKED_LOCALLY), "+-X---"),
        ((Failure.NET_UNREACHABLE,), "+-++X-"),
        ((Failure.NO_ROUTE, None), "++X---"),  # one question was answered
        ((Failure.NO_ROUTE, Failure.DNS_NO_DATA), "++X---"),
        ((Failure.DNS_TIMEOUT,), "+X----"),
    ],
)
def test_a_resolver_that_never_answered_does_not_count_as_working(
    failures: tuple[Failure | None, ...], picture: str
) -> None:
    found = states([saw(Rung.DNS, failure, address=None) for failure in failures], ())
    assert "".join(WORDS[found[place]] for place in Place) == picture


def test_a_firewall_that_drops_the_question_leaves_the_resolver_unheard() -> None:
    ladder = [saw(Rung.DNS, Failure.DNS_TIMEOUT, address=None)]
    assert states(ladder, [certain("local.fw-drop")])[Place.RESOLVER] is State.UNREACHED
    answered = [saw(Rung.DNS, Failure.DNS_SERVFAIL, address=None)]
    assert states(answered, [certain("local.fw-drop")])[Place.RESOLVER] is State.PROVEN


def test_a_proxy_that_is_not_reached_is_no_fault_of_the_network_behind_it() -> None:
    found = states([saw(TCP, Failure.TCP_REFUSED), saw(PROXY, skipped=True)], ())
    assert (found[Place.PROXY], found[Place.NETWORK]) == (State.SUSPECT, State.UNREACHED)


def test_the_kernels_own_verdict_outweighs_the_table() -> None:
    silent = climbed(TCP, until=Failure.TCP_TIMEOUT)
    accepted = saw(Rung.PATH, address=None, evidence={"kernel": "accept"})
    dropped = saw(Rung.PATH, Failure.BLOCKED_LOCALLY, address=None, evidence={"kernel": "drop"})
    assert states(silent, ())[Place.LOCAL] is State.SUSPECT
    assert states([accepted, *silent], ())[Place.LOCAL] is State.PROVEN
    assert states([accepted, *silent], ())[Place.NETWORK] is State.SUSPECT
    assert states([*silent, dropped], ())[Place.LOCAL] is State.ENDS
    assert states([*silent, dropped], ())[Place.NETWORK] is State.UNREACHED


def test_a_finding_that_is_certain_outweighs_the_table() -> None:
    silent = climbed(TCP, until=Failure.TCP_TIMEOUT)
    assert states(silent, [certain("local.fw-drop")])[Place.LOCAL] is State.ENDS
    assert states(silent, [certain("tls.untrusted")])[Place.LOCAL] is State.SUSPECT


def test_a_look_up_that_failed_counts_only_where_no_other_led_on() -> None:
    ladder = [saw(Rung.DNS, Failure.DNS_SERVFAIL, address=None), *climbed(TCP, TLS, HTTP)]
    assert broken(ladder) is None


def test_no_failure_stands_twice_in_the_table() -> None:
    assert len(BY_FAILURE) == sum(len(failures) for _, failures in ENDINGS)


def test_a_rule_that_lets_pass_proves_nothing_beyond_this_host() -> None:
    found = states([saw(Rung.PATH, address=None, evidence={"kernel": "accept"})], ())
    assert {place: found[place] for place in (Place.LOCAL, Place.NETWORK, Place.VENDOR)} == {
        Place.LOCAL: State.PROVEN,
        Place.NETWORK: State.UNSEEN,
        Place.VENDOR: State.UNSEEN,
    }


@pytest.mark.parametrize("failure", [Failure.UNKNOWN, Failure.DEADLINE])
def test_what_could_not_be_judged_is_drawn_as_far_as_it_was_seen_to_work(failure: Failure) -> None:
    assert states([saw(Rung.PATH, failure, address=None)], ())[Place.LOCAL] is State.UNSEEN
    late = states([looked_up("a"), *climbed(TCP, TLS, until=failure)], ())
    assert (late[Place.RESOLVER], late[Place.LOCAL], late[Place.NETWORK]) == (State.PROVEN, State.PROVEN, State.UNSEEN)
