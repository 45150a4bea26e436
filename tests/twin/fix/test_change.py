"""Blocked flows are one block where one rule stops them for one reason, and their addresses are not widened."""

from __future__ import annotations

from ipaddress import ip_network

import attrs

from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin.fix.change import blocks, quoted, summed
from nimnetcheck.twin.flow import parse
from tests.twin.blocked import block, error, judged, rule

DROPS = rule("inet site out 3", handle=7)


def test_flows_of_one_cause_are_one_block() -> None:
    (found,) = blocks(judged(f"tcp:159.60.126.{n}:443", DROPS) for n in range(128))
    assert [str(network) for network in found.networks] == ["159.60.126.0/25"]
    assert found.rule is DROPS


def test_ports_protocols_versions_rules_and_ways_are_blocks_of_their_own() -> None:
    flows = ("tcp:192.0.2.1:443", "tcp:192.0.2.1:444", "udp:192.0.2.1:443", "tcp:[2001:db8::1]:443")
    found = blocks([*(judged(flow, DROPS) for flow in flows), judged("tcp:192.0.2.2:443", rule("inet site out 4"))])
    assert len(found) == 5


def test_only_what_is_blocked_by_a_known_rule_is_a_block() -> None:
    accepted = judged("tcp:192.0.2.1:443", verdict=KernelVerdict.ACCEPT)
    unknown = judged("tcp:192.0.2.2:443", verdict=KernelVerdict.NOT_JUDGED)
    assert blocks([accepted, unknown, judged("tcp:192.0.2.3:443")]) == ()


def test_addresses_are_joined_and_never_widened() -> None:
    scattered = block(DROPS, "tcp:192.0.2.1:443", "tcp:192.0.2.2:443", "tcp:192.0.2.3:443", "tcp:192.0.2.9:443")
    assert [str(n) for n in scattered.networks] == ["192.0.2.1/32", "192.0.2.2/31", "192.0.2.9/32"]


def test_a_prefix_whose_ends_stand_for_it_is_opened_whole() -> None:
    ends = block(DROPS, "tcp:[2001:db8::]:443", "tcp:[2001:db8::ffff]:443")
    prefixes = (ip_network("2001:db8::/112"), ip_network("2001:db8::/64"))
    assert [str(n) for n in attrs.evolve(ends, prefixes=prefixes).networks] == ["2001:db8::/112"]


def test_many_flows_are_summed_in_few_words() -> None:
    texts = ("tcp:192.0.2.0:443", "tcp:192.0.2.1:443", "udp:192.0.2.1:443", "tcp:[2001:db8::1]:443", "tcp:192.0.2.2:80")
    assert list(summed(map(parse, texts))) == [
        "tcp 192.0.2.0/31 port 443",
        "tcp 2001:db8::1/128 port 443",
        "udp 192.0.2.1/32 port 443",
        "tcp 192.0.2.2/32 port 80",
    ]


def test_errors_are_told_apart_from_their_connections() -> None:
    assert list(summed([parse("tcp:192.0.2.1:443"), error("tcp:192.0.2.1:443")])) == [
        "tcp 192.0.2.1/32 port 443",
        "ICMP errors about tcp 192.0.2.1/32 port 443",
    ]


def test_names_from_outside_are_words_for_a_shell_and_no_more() -> None:
    assert quoted("-I $(reboot) 1 -j ACCEPT") == "-I '$(reboot)' 1 -j ACCEPT"
