"""A ruleset judged end to end by the kernel; every drop has its look-alike that passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin.answer import Leg

if TYPE_CHECKING:
    from tests.twin.conftest import Ask

pytestmark = pytest.mark.kernel

OUT = """\
table inet filter {
    chain output {
        type filter hook output priority filter; policy accept;
        %s
    }
}
"""


@pytest.mark.parametrize(
    "flow", ["tcp:192.0.2.1:443", "udp:192.0.2.1:53", "tcp:[2001:db8::1]:443", "udp:[2001:db8::1]:53"]
)
def test_without_rules_everything_arrives(ask_nft: Ask, flow: str) -> None:
    (judged,) = ask_nft("", flow).judged
    assert judged.verdict is KernelVerdict.ACCEPT


def test_a_drop_is_named_with_number_handle_line_and_comment(ask_nft: Ask) -> None:
    rules = OUT % 'counter\n\t\tip daddr 192.0.2.1 drop comment "no way" # handle 77'
    blocked, other = ask_nft(rules, "tcp:192.0.2.1:443", "tcp:192.0.2.2:443").judged
    assert (blocked.verdict, blocked.leg, other.verdict) == (KernelVerdict.DROP, Leg.REQUEST, KernelVerdict.ACCEPT)
    rule = blocked.rule
    assert rule
    assert (rule.number, rule.handle, rule.line, rule.file, rule.comment) == (2, 77, 5, "rules.nft", "no way")


@pytest.mark.parametrize(
    ("rule", "flow"),
    [
        ("tcp dport 443 reject with tcp reset", "tcp:192.0.2.1:443"),
        ("reject with icmpx admin-prohibited", "tcp:[2001:db8::1]:443"),
        ("udp dport 53 reject", "udp:192.0.2.1:53"),
    ],
)
def test_a_reject_is_told_from_a_drop(ask_nft: Ask, rule: str, flow: str) -> None:
    (judged,) = ask_nft(OUT % rule, flow).judged
    assert (judged.verdict, judged.rule and judged.rule.text) == (KernelVerdict.REJECT, rule)


def test_a_policy_drops_and_an_accept_before_it_does_not(ask_nft: Ask) -> None:
    rules = (OUT % "tcp dport 443 accept\n\t\tct state established accept").replace("policy accept", "policy drop")
    accepted, dropped = ask_nft(rules, "tcp:192.0.2.1:443", "tcp:192.0.2.1:80").judged
    assert accepted.verdict is KernelVerdict.ACCEPT
    assert dropped.verdict is KernelVerdict.DROP
    assert dropped.rule
    assert dropped.rule.number is None


def test_a_connection_that_opens_and_then_hangs_is_no_accept(ask_nft: Ask) -> None:
    """A SYN may leave and its answer come, and all that follows be dropped."""
    new_only = OUT.replace("policy accept", "policy drop") % "ct state new accept"
    (judged,) = ask_nft(new_only, "tcp:192.0.2.1:443").judged
    assert judged.verdict is KernelVerdict.DROP


def test_a_reply_that_dies_is_told_from_a_request(ask_nft: Ask) -> None:
    rules = OUT.replace("hook output", "hook input") % "tcp sport 443 drop"
    (judged,) = ask_nft(rules, "tcp:192.0.2.1:443").judged
    assert (judged.verdict, judged.leg) == (KernelVerdict.DROP, Leg.REPLY)


def test_jumps_are_told_outermost_first(ask_nft: Ask) -> None:
    rules = """\
table inet filter {
    chain deep { tcp dport 443 drop; }
    chain side { tcp dport 443 return; }
    chain middle { jump side; jump deep; }
    chain output {
        type filter hook output priority filter; policy accept;
        jump middle
    }
}
"""
    blocked, other = ask_nft(rules, "tcp:192.0.2.1:443", "tcp:192.0.2.1:80").judged
    assert blocked.rule
    assert blocked.rule.chain == "deep"
    assert [(jump.chain, jump.number) for jump in blocked.path] == [("output", 1), ("middle", 2)]
    assert other.verdict is KernelVerdict.ACCEPT


def test_a_resolver_on_this_host_itself_is_judged_too(ask_nft: Ask) -> None:
    flow = "udp:127.0.0.53:53"
    (open_,) = ask_nft("", flow).judged
    (shut,) = ask_nft(OUT % "oifname lo udp dport 53 drop", flow).judged
    assert (open_.verdict, shut.verdict) == (KernelVerdict.ACCEPT, KernelVerdict.DROP)
