"""Flows that would spend one limit are sent alone; each meets the ruleset as a host's own connection would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin.ask import ask
from nimnetcheck.twin.capture.value import Capture, Save, Source, Variant
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.wire import Command, Question

if TYPE_CHECKING:
    from tests.twin.conftest import Ask

pytestmark = pytest.mark.kernel
FLOWS = [f"tcp:192.0.2.{n}:443" for n in range(1, 13)]
OUT = """\
table inet f {
 chain o {
  type filter hook output priority 0; policy drop;
  ct state established accept
  %s
 }
}
"""


@pytest.mark.parametrize(
    "rule",
    [
        "limit rate 1/minute burst 2 packets accept",
        "limit rate over 1/minute burst 2 packets drop\n  accept",
        "ct count over 3 drop\n  accept",
    ],
)
def test_a_burst_of_ours_does_not_spend_a_hosts_limit(ask_nft: Ask, rule: str) -> None:
    judged = ask_nft(OUT % rule, *FLOWS).judged
    assert {one.verdict for one in judged} == {KernelVerdict.ACCEPT}
    assert all(one.limit for one in judged)


def test_a_limit_that_stops_even_the_first_packet_stops_each_of_them(ask_nft: Ask) -> None:
    judged = ask_nft(OUT % "limit rate 1/minute burst 2 packets drop\n  accept", *FLOWS).judged
    assert {(one.verdict, one.rule and one.rule.number) for one in judged} == {(KernelVerdict.DROP, 2)}


def test_a_limit_that_is_not_on_the_way_changes_nothing(ask_nft: Ask) -> None:
    judged = ask_nft(OUT % "udp dport 53 limit rate 1/minute accept\n  accept", *FLOWS[:2]).judged
    assert [one.verdict for one in judged] == [KernelVerdict.ACCEPT] * 2


def test_the_old_tool_has_limits_too_and_commands_are_applied_before_each_flow() -> None:
    text = (
        "*filter\n:OUTPUT DROP [0:0]\n-A OUTPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\n"
        "-A OUTPUT -m hashlimit --hashlimit-upto 1/min --hashlimit-burst 1 --hashlimit-name x -j ACCEPT\nCOMMIT\n"
    )
    shut = Command(words=("iptables-nft", "-I", "OUTPUT", "-d", "192.0.2.3", "-j", "DROP"))
    save = Save(variant=Variant.NFT, version=4, source=Source(file="s", text=text))
    answer = ask(Question(capture=Capture(saves=(save,)), flows=tuple(map(parse, FLOWS)), trials=((shut,),)))
    before, after = answer.rounds
    assert {one.verdict for one in before.judged} == {KernelVerdict.ACCEPT}
    assert [str(one.flow.address) for one in after.judged if one.verdict is KernelVerdict.DROP] == ["192.0.2.3"]


@pytest.mark.parametrize(("limit", "verdict"), [("limit rate 1/minute burst 1 packets accept", "accept"), ("", "drop")])
def test_errors_meet_a_limit_alone_too(limit: str, verdict: str) -> None:
    rules = OUT.replace("hook output", "hook input") % f"meta l4proto {{ icmp, ipv6-icmp }} {limit or 'drop'}"
    capture = Capture(nft=Source(file="rules.nft", text=rules))
    answer = ask(Question(capture=capture, flows=(parse(FLOWS[0]), parse("tcp:[2001:db8::1]:443")), errors=True))
    errors = [one for one in answer.judged if one.flow.is_error]
    assert [(str(one.verdict), bool(one.limit)) for one in errors] == [(verdict, bool(limit))] * 2


def test_what_is_left_to_chance_is_not_judged(ask_nft: Ask) -> None:
    (judged,) = ask_nft(OUT % "numgen random mod 2 < 1 accept", FLOWS[0]).judged
    assert judged.verdict is KernelVerdict.NOT_JUDGED
    assert "chance" in judged.because
