"""Proposals for nftables: before the rule that blocks, for these flows alone, or as an element that a set misses."""

from __future__ import annotations

import pytest

from nimnetcheck.twin.answer import Leg
from nimnetcheck.twin.fix.nft import elements, rules
from tests.twin.blocked import block, rule

DROPS = rule("inet site out 3", handle=7, twin_handle=12, text="ip daddr 159.60.0.0/16 drop")
RANGE = tuple(f"tcp:159.60.126.{n}:443" for n in range(128))


def test_a_rule_goes_before_the_one_that_blocks_by_the_hosts_handle_and_the_twins() -> None:
    change = next(rules(block(DROPS, *RANGE), DROPS, 1))
    words = 'ip daddr 159.60.126.0/25 tcp dport 443 accept comment "nimnetcheck-1"'
    assert change.lines == (f"nft 'insert rule inet site out handle 7 {words}'",)
    assert change.trial == (f"nft 'insert rule inet site out handle 12 {words}'",)
    assert change.undo == change.back
    assert 'comment "nimnetcheck-1"' in change.undo[0]


def test_a_text_without_handles_is_changed_by_place() -> None:
    bare = rule("inet site out 3")
    assert "out index 2 ip daddr" in next(rules(block(bare), bare, 1)).lines[0]


def test_a_policy_is_preceded_by_a_rule_at_the_end_or_at_the_head() -> None:
    policy = rule("ip site out")
    assert (
        next(rules(block(policy), policy, 1)).lines[0].startswith("nft 'add rule ip site out ip daddr 159.60.126.10 ")
    )


def test_what_is_translated_on_the_way_is_known_by_what_it_asked_for() -> None:
    _, by_connection = rules(block(DROPS), DROPS, 1)
    assert (
        "meta l4proto tcp ct original ip daddr 159.60.126.10 ct original proto-dst 443 accept" in by_connection.lines[0]
    )


def test_replies_come_in_with_their_error_messages_and_nothing_new_does() -> None:
    change, stateless = rules(block(DROPS, leg=Leg.REPLY), DROPS, 1)
    established, related = change.lines
    assert "ct state established ct original ip daddr 159.60.126.10 ct original proto-dst 443 accept" in established
    assert "ct state related ct original ip daddr 159.60.126.10 accept" in related
    assert "ip saddr 159.60.126.10 tcp sport 443 accept" in stateless.lines[0]


@pytest.mark.parametrize(
    ("flow", "related", "too_big"),
    [
        ("tcp:192.0.2.1:443", "meta l4proto icmp", "icmp type destination-unreachable icmp code frag-needed"),
        ("tcp:[2001:db8::1]:443", "meta l4proto ipv6-icmp", "icmpv6 type packet-too-big"),
    ],
)
def test_errors_alone_come_in_by_what_they_belong_to_or_by_what_they_say(flow: str, related: str, too_big: str) -> None:
    change, stateless = rules(block(DROPS, flow, leg=Leg.ERROR), DROPS, 1)
    assert f"handle 7 {related} ct state related accept" in change.lines[0]
    assert f"handle 7 {too_big} accept" in stateless.lines[0]
    assert "every connection" in change.note
    assert next(rules(block(DROPS, leg=Leg.REPLY), DROPS, 1)).note == ""


def test_several_addresses_of_ipv6_stand_in_one_rule() -> None:
    two = block(DROPS, "udp:[2001:db8::1]:53", "udp:[2001:db8::9]:53")
    assert "ip6 daddr { 2001:db8::1, 2001:db8::9 } udp dport 53 accept" in next(rules(two, DROPS, 1)).lines[0]


def test_a_name_that_is_no_name_gets_no_proposal() -> None:
    hostile = rule("inet site $(reboot) 1")
    assert list(rules(block(hostile), hostile, 1)) == []


def test_a_set_that_would_accept_gets_what_it_misses() -> None:
    texts = ["ip daddr @partners tcp dport 443 accept", "ip daddr @bad drop", "ip daddr @partners accept"]
    (change,) = elements(block(DROPS, *RANGE), texts)
    assert change.lines == ("nft 'add element inet site partners { 159.60.126.0/25 }'",)
    assert change.undo == ("nft 'delete element inet site partners { 159.60.126.0/25 }'",)


def test_a_rule_that_drops_all_but_a_set_gets_it_too() -> None:
    keeps_out = rule("inet site out 1", text="ip daddr != @allowed drop")
    (change,) = elements(block(keeps_out), [])
    assert "allowed { 159.60.126.10 }" in change.lines[0]


@pytest.mark.parametrize("leg", [Leg.REPLY, Leg.ERROR])
def test_a_set_helps_nothing_that_comes_in(leg: Leg) -> None:
    assert list(elements(block(DROPS, leg=leg), ["ip daddr @partners accept"])) == []
