"""Proposals for iptables: the right variant and version, before what blocks; or an entry that an ipset misses."""

from __future__ import annotations

import pytest

from nimnetcheck.twin.answer import Firewall, Leg
from nimnetcheck.twin.fix.iptables import elements, rules
from tests.twin.blocked import block, rule

NFT = Firewall.IPTABLES_NFT
DROPS = rule("ip filter OUTPUT 4", NFT, text="-p tcp -j REJECT")


@pytest.mark.parametrize(
    ("place", "firewall", "expected"),
    [
        ("ip filter OUTPUT 4", NFT, "iptables-nft -w -I OUTPUT 4 -d 159.60.126.10/32 -p tcp --dport 443"),
        ("ip filter OUTPUT", NFT, "iptables-nft -w -A OUTPUT -d 159.60.126.10/32 -p tcp --dport 443"),
        ("ip mangle POSTROUTING 1", Firewall.IPTABLES_LEGACY, "iptables-legacy -w -t mangle -I POSTROUTING 1 -d"),
    ],
)
def test_a_rule_goes_before_the_one_that_blocks(place: str, firewall: Firewall, expected: str) -> None:
    stops = rule(place, firewall)
    change = next(rules(block(stops), stops, 2))
    assert change.lines[0].startswith(expected)
    assert change.lines[0].endswith("-m comment --comment nimnetcheck-2 -j ACCEPT")
    assert [line.partition(" ")[2] for line in change.trial] == [line.partition(" ")[2] for line in change.lines]


@pytest.mark.parametrize(("alone", "tool"), [(True, "iptables-nft"), (False, "iptables-legacy")])
def test_the_host_is_changed_by_its_tool_and_the_twin_by_the_one_that_holds_its_rules(alone: bool, tool: str) -> None:  # noqa: FBT001 (a case)
    stops = rule("ip filter OUTPUT 4", Firewall.IPTABLES_LEGACY)
    change = next(rules(block(stops), stops, 1, alone=alone))
    assert change.lines[0].startswith("iptables-legacy ")
    assert change.undo[0].startswith("iptables-legacy ")
    assert change.trial[0].startswith(f"{tool} ")
    assert change.back[0].startswith(f"{tool} ")


def test_before_a_policy_is_the_end_of_the_chain_or_its_head() -> None:
    policy, unknown = rule("ip filter OUTPUT", NFT), rule("ip filter OUTPUT -1", NFT)
    end, head, *_ = rules(block(policy), policy, 1)
    assert end.lines[0].startswith("iptables-nft -w -A OUTPUT -d")
    assert head.lines[0].startswith("iptables-nft -w -I OUTPUT 1 -d")
    assert list(rules(block(unknown), unknown, 1)) == []


def test_each_prefix_has_its_rule_and_its_undo() -> None:
    change = next(rules(block(DROPS, "tcp:192.0.2.1:443", "tcp:192.0.2.9:443"), DROPS, 1))
    assert [line.split()[6] for line in change.lines] == ["192.0.2.1/32", "192.0.2.9/32"]
    assert [line.replace("-D OUTPUT", "-I OUTPUT 4") for line in change.undo] == list(change.lines)


def test_ipv6_has_its_own_tool() -> None:
    stops = rule("ip6 filter OUTPUT 1", NFT)
    assert (
        next(rules(block(stops, "tcp:[2001:db8::1]:443"), stops, 1)).lines[0].startswith("ip6tables-nft -w -I OUTPUT 1")
    )


def test_replies_come_in_with_their_error_messages_and_nothing_new_does() -> None:
    change, stateless = rules(block(DROPS, leg=Leg.REPLY), DROPS, 1)
    assert (
        "--ctstate ESTABLISHED,RELATED --ctproto tcp --ctorigdst 159.60.126.10/32 --ctorigdstport 443"
        in change.lines[0]
    )
    assert "-s 159.60.126.10/32 -p tcp --sport 443" in stateless.lines[0]


@pytest.mark.parametrize(
    ("flow", "tool", "protocol", "too_big"),
    [
        ("tcp:192.0.2.1:443", "iptables-nft", "icmp", "--icmp-type fragmentation-needed"),
        ("tcp:[2001:db8::1]:443", "ip6tables-nft", "ipv6-icmp", "--icmpv6-type packet-too-big"),
    ],
)
def test_errors_alone_come_in_by_what_they_belong_to_or_by_what_they_say(
    flow: str, tool: str, protocol: str, too_big: str
) -> None:
    stops = rule(f"{'ip6' if tool.startswith('ip6') else 'ip'} filter INPUT 2", NFT)
    change, stateless = rules(block(stops, flow, leg=Leg.ERROR), stops, 1)
    assert change.lines[0].startswith(f"{tool} -w -I INPUT 2 -p {protocol} -m conntrack --ctstate RELATED -m comment")
    assert stateless.lines[0].startswith(f"{tool} -w -I INPUT 2 -p {protocol} {too_big} -m comment")
    assert "every connection" in change.note
    assert list(elements(block(stops, flow, leg=Leg.ERROR), ["-m set --match-set partners dst -j ACCEPT"])) == []


def test_a_chains_name_from_outside_cannot_leave_its_word() -> None:
    hostile = rule("ip filter a;reboot 1", NFT)
    assert "-I 'a;reboot' 1" in next(rules(block(hostile), hostile, 1)).lines[0]


@pytest.mark.parametrize(
    ("place", "beside", "note"),
    [
        ("KUBE-SERVICES 1", (), "chain KUBE-SERVICES is written by kube-proxy"),
        ("cali-th-eth0 1", (), "chain cali-th-eth0 is written by Calico"),
        ("ufw-user-forward 1", (), "'ufw route allow proto tcp to 159.60.126.10/32 port 443' tells it the same"),
        (
            "FORWARD",
            ("ufw-user-forward",),
            "'ufw route allow proto tcp to 159.60.126.10/32 port 443' tells it the same",
        ),
        ("DOCKER-USER 1", (), ""),
        ("ufw-user-output 1", (), "'ufw allow out proto tcp to 159.60.126.10/32 port 443' tells it the same"),
        ("OUTPUT", ("ufw-user-output",), "'ufw allow out proto tcp to 159.60.126.10/32 port 443' tells it the same"),
        ("OUTPUT", ("KUBE-SERVICES", "DOCKER"), ""),
        ("OUTPUT 1", ("ufw-user-output",), ""),
    ],
)
def test_a_chain_that_a_program_writes_again_is_said(place: str, beside: tuple[str, ...], note: str) -> None:
    there = rule(f"ip filter {place}", NFT)
    said = next(rules(block(there), there, 1, beside=beside)).note
    assert note in said
    assert bool(said) is bool(note)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("-p tcp -m tcp --dport 443 -m set --match-set partners dst -j ACCEPT", "partners 159.60.126.10/32"),
        ("-m set --match-set partners dst,dst -j ACCEPT", "partners 159.60.126.10/32,tcp:443"),
    ],
)
def test_a_set_that_would_accept_gets_what_it_misses(text: str, entry: str) -> None:
    (change,) = elements(block(DROPS), [text])
    assert change.lines == (f"ipset add {entry}",)
    assert change.undo == (f"ipset del {entry}",)


@pytest.mark.parametrize("text", ["-m set --match-set bad dst -j DROP", "-m set --match-set clients src -j ACCEPT"])
def test_other_sets_are_left_alone(text: str) -> None:
    assert list(elements(block(DROPS), [text])) == []
