"""What this host's own state says, each beside its look-alike."""

from __future__ import annotations

import errno

import pytest

from nimnetcheck.diagnosis.conditions import own_host
from nimnetcheck.model import Failure, Rung
from tests.diagnosis.conditions.looked import AT, context, local, silent, to_resolver, walked
from tests.diagnosis.seen import seen

LINK = {"name": "eth0", "up": True, "carrier": True}
ROUTED = {"type": "unicast", "via": "10.20.0.1"}


@pytest.mark.parametrize(
    ("facts", "down"),
    [
        ({"link": LINK}, False),
        ({"link": {**LINK, "carrier": False}}, True),
        ({"link": {**LINK, "up": False}}, True),
        ({"links": [{**LINK, "up": False}]}, True),
        ({"links": [{**LINK, "up": False}, LINK]}, False),  # another interface works: it is the route that is missing
        ({}, False),
    ],
)
def test_an_interface_that_is_down(facts: dict[str, object], *, down: bool) -> None:
    one = silent()
    assert own_host.link_down(one, context(one, local(**facts))) is down


@pytest.mark.parametrize(
    ("state", "dead"),
    [("FAILED", True), ("INCOMPLETE", True), ("REACHABLE", False), ("STALE", False), ("unknown", False)],
)
def test_a_next_hop_that_does_not_answer(state: str, *, dead: bool) -> None:
    one = silent()
    assert own_host.next_hop_dead(one, context(one, local(neighbour=state))) is dead


def test_this_host_says_itself_that_the_next_hop_is_dead() -> None:
    message = {"version": 4, "type": 3, "code": 1, "sender": "10.20.0.10"}
    own = seen("usage", AT, Failure.HOST_UNREACHABLE, evidence={"icmp": {**message, "own": True}})
    routers = seen("usage", AT, Failure.HOST_UNREACHABLE, evidence={"icmp": {**message, "sender": "198.18.0.1"}})
    assert own_host.next_hop_dead(own, context(own))
    assert not own_host.next_hop_dead(routers, context(routers))


def test_of_a_name_the_way_to_the_resolver_counts() -> None:
    name = seen("usage", None, Failure.DNS_TIMEOUT, Rung.DNS)
    assert own_host.next_hop_dead(name, context(name, to_resolver(neighbour="FAILED")))
    assert not own_host.next_hop_dead(name, context(name, to_resolver(neighbour="REACHABLE")))


def test_a_route_of_a_kind() -> None:
    one = silent()
    around = context(one, local(route={"type": "blackhole"}))
    assert own_host.route_is("blackhole")(one, around)
    assert not own_host.route_is("prohibit")(one, around)


def test_ports_are_used_up_only_where_there_is_a_route() -> None:
    one = seen("usage", AT, Failure.NO_ROUTE, evidence={"errno": errno.EADDRNOTAVAIL})
    assert own_host.ports_used_up(one, context(one, local(route=ROUTED)))
    assert not own_host.ports_used_up(one, context(one, local(links=[])))
    other = seen("usage", AT, Failure.NO_ROUTE, evidence={"errno": errno.ENETUNREACH})
    assert not own_host.ports_used_up(other, context(other, local(route=ROUTED)))


def test_tracking_is_full_at_its_limit() -> None:
    one = silent()
    assert own_host.tracking_full(one, context(one, local(conntrack={"count": 1000, "max": 1000})))
    assert not own_host.tracking_full(one, context(one, local(conntrack={"count": 900, "max": 1000})))
    assert not own_host.tracking_full(one, context(one, local()))


@pytest.mark.parametrize(
    ("retransmits", "resent", "left"),
    [(2, 0, False), (2, 1, True), (0, 0, True)],  # without a second try nothing can be said
)
def test_a_syn_tried_again_that_is_not_on_its_way_never_left(retransmits: int, resent: int, *, left: bool) -> None:
    one = silent(retransmits=retransmits, resent=resent)
    assert own_host.never_left(one, context(one)) is not left


def test_a_refusal_before_the_first_router_is_this_hosts_own() -> None:
    refused = seen("usage", AT, Failure.TCP_REFUSED)
    assert own_host.rejected_here(refused, context(refused, walked("refused", 1), local(route=ROUTED)))
    assert not own_host.rejected_here(refused, context(refused, walked("refused", 2), local(route=ROUTED)))
    next_door = local(route={"type": "unicast", "via": None})
    assert not own_host.rejected_here(refused, context(refused, walked("refused", 1), next_door))
    icmp = seen("usage", AT, Failure.BLOCKED_LOCALLY, evidence={"icmp": {"version": 4, "type": 3, "code": 13}})
    assert own_host.rejected_here(icmp, context(icmp))


def test_only_nat64_is_ipv6_that_stands_for_ipv4_where_ipv4_has_no_route() -> None:
    one = seen("usage", AT, Failure.NO_ROUTE)
    assert own_host.only_nat64(one, context(one, seen("usage", "64:ff9b::387:488b")))
    assert not own_host.only_nat64(one, context(one, seen("usage", "2600:1f16:19c8:d400::1")))
    assert not own_host.only_nat64(one, context(one, seen("usage", "64:ff9b::387:488b", Failure.TCP_TIMEOUT)))


def test_tries_are_counted_in_words() -> None:
    assert "tried again (2)" in own_host.tries(silent(retransmits=2, resent=0), context())
    assert own_host.tries(silent(), context()) == ""


@pytest.mark.parametrize(
    ("kernel", "leg", "told"),
    [
        ("drop", "request", "never_left"),
        ("reject", "request", "rejected_here"),
        ("drop", "reply", "reply_dropped"),
        ("reject", "reply", "reply_dropped"),
        ("drop", "error", "error_dropped"),
        ("reject", "error", "error_dropped"),
        ("accept", "error", ""),
        ("not judged", "request", ""),
    ],
)
def test_what_the_kernel_said_in_a_copy_of_the_firewall(kernel: str, leg: str, told: str) -> None:
    evidence = {"kernel": kernel, "leg": leg}
    one = seen("usage", None, Failure.BLOCKED_LOCALLY, Rung.PATH, evidence=evidence)
    conditions = (own_host.never_left, own_host.rejected_here, own_host.reply_dropped, own_host.error_dropped)
    assert [condition.__name__ for condition in conditions if condition(one, context(one))] == ([told] if told else [])


def test_what_got_no_answer_is_explained_where_the_rules_drop_the_answer_to_just_that() -> None:
    evidence = {"kernel": "drop", "leg": "reply", "blocked": ["tcp:192.0.2.1:443"]}
    said = seen("host", None, Failure.BLOCKED_LOCALLY, Rung.PATH, evidence=evidence)
    silent = seen("usage", "192.0.2.1", Failure.TCP_TIMEOUT, evidence={"retransmits": 1, "resent": 1})
    assert own_host.reply_dropped(silent, context(silent, said))
    assert not own_host.reply_dropped(silent, context(silent))
    other = seen("usage", "192.0.2.2", Failure.TCP_TIMEOUT, evidence=silent.evidence)
    stuck = seen("usage", "192.0.2.1", Failure.TCP_TIMEOUT, evidence={"retransmits": 1, "resent": 0})
    for one in (other, stuck):
        assert not own_host.reply_dropped(one, context(one, said))
    request = seen("host", None, Failure.BLOCKED_LOCALLY, Rung.PATH, evidence={**evidence, "leg": "request"})
    assert not own_host.reply_dropped(silent, context(silent, request))
