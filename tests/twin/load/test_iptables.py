"""Saves judged by the kernel, in both variants; what is refused, is refused by name."""

from __future__ import annotations

import pytest

from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin.answer import Answer, Firewall, Leg
from nimnetcheck.twin.ask import ask
from nimnetcheck.twin.capture.value import Capture, Save, Source, Variant
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.wire import Question

pytestmark = pytest.mark.kernel

SAVE = """\
*filter
:INPUT ACCEPT [0:0]
:OUTPUT DROP [0:0]
:EGRESS - [0:0]
-A INPUT -p tcp -m tcp --sport 80 -j DROP
-A OUTPUT -m owner --uid-owner 991 -j ACCEPT
-A OUTPUT -m set --match-set bad dst -j DROP
-A OUTPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A OUTPUT -p tcp -j EGRESS
-A EGRESS -d 192.0.2.64/26 -p tcp -m comment --comment "corp egress" -j REJECT --reject-with tcp-reset
-A EGRESS -p tcp -m multiport --dports 443,80 -j ACCEPT
COMMIT
"""
OPEN = "*filter\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -p tcp -j ACCEPT\nCOMMIT\n"
SETS = Source(file="sets", text="create bad hash:net family inet\nadd bad 192.0.2.1\n")
FLOWS = ("tcp:192.0.2.1:443", "tcp:192.0.2.2:443", "tcp:192.0.2.100:443", "tcp:192.0.2.3:80", "tcp:192.0.2.3:8443")
BOTH = [(Variant.NFT,), (Variant.LEGACY,), (Variant.NFT, Variant.LEGACY), (Variant.LEGACY, Variant.NFT)]


def judge(text: str, *variants: Variant, flows: tuple[str, ...] = FLOWS, version: int = 4) -> Answer:
    """The first variant has the rules, a second one accepts everything in words of its own."""
    texts = dict(zip(variants, (text, OPEN)))
    saves = tuple(Save(variant=v, version=version, source=Source(file=f"{v}", text=t)) for v, t in texts.items())
    return ask(Question(capture=Capture(saves=saves, ipset=SETS), flows=tuple(parse(flow) for flow in flows)))


@pytest.mark.parametrize("variants", BOTH, ids="+".join)
def test_every_verdict_with_its_rule(variants: tuple[Variant, ...]) -> None:
    answer = judge(SAVE, *variants)
    firewall = {Variant.NFT: Firewall.IPTABLES_NFT, Variant.LEGACY: Firewall.IPTABLES_LEGACY}[variants[0]]
    by_set, accepted, rejected, reply, policy = answer.judged
    assert [one.verdict for one in answer.judged] == ["drop", "accept", "reject", "drop", "drop"]
    assert accepted.rule is None
    assert [(one.rule.chain, one.rule.number, one.rule.line) for one in (by_set, rejected, reply) if one.rule] == [
        ("OUTPUT", 2, 7),
        ("EGRESS", 1, 10),
        ("INPUT", 1, 5),
    ]
    assert reply.leg is Leg.REPLY
    assert rejected.rule
    assert (rejected.rule.comment, rejected.rule.firewall) == ("corp egress", firewall)
    assert [(jump.chain, jump.number) for jump in rejected.path] == [("OUTPUT", 4)]
    assert policy.rule
    assert (policy.rule.number, policy.rule.text, policy.rule.line) == (None, ":OUTPUT DROP", 3)


@pytest.mark.parametrize("variants", BOTH, ids="+".join)
def test_an_unconditional_drop_is_a_rule_and_no_policy(variants: tuple[Variant, ...]) -> None:
    rules = "-A OUTPUT -p tcp --dport 443 -j X\n-A OUTPUT -j DROP\n-A X -j DROP\n"
    text = f"*filter\n:OUTPUT ACCEPT [0:0]\n:X - [0:0]\n{rules}COMMIT\n"
    in_chain, at_end = judge(text, *variants, flows=("tcp:192.0.2.1:443", "tcp:192.0.2.1:80")).judged
    assert in_chain.rule
    assert (in_chain.rule.chain, in_chain.rule.number, len(in_chain.path)) == ("X", 1, 1)
    assert at_end.rule
    assert (at_end.rule.chain, at_end.rule.number) == ("OUTPUT", 2)


def test_ip6_is_a_firewall_of_its_own() -> None:
    text = "*filter\n:OUTPUT DROP [0:0]\nCOMMIT\n"
    v4, v6 = judge(text, Variant.NFT, flows=("tcp:192.0.2.1:443", "tcp:[2001:db8::1]:443"), version=6).judged
    assert (v4.verdict, v6.verdict) == (KernelVerdict.ACCEPT, KernelVerdict.DROP)
    assert v6.rule
    assert v6.rule.family == "ip6"


def test_more_rules_than_one_message_holds() -> None:
    many = "".join(
        f"-A OUTPUT -d 10.1.{i // 250}.{i % 250}/32 -p tcp -m tcp --dport 443 -j ACCEPT\n" for i in range(900)
    )
    text = f"*filter\n:OUTPUT ACCEPT [0:0]\n{many}-A OUTPUT -p tcp -j DROP\nCOMMIT\n"
    (judged,) = judge(text, Variant.NFT, flows=FLOWS[:1]).judged
    assert judged.rule
    assert (judged.rule.number, judged.rule.line) == (901, 903)


@pytest.mark.parametrize("variants", [BOTH[0], BOTH[3]], ids="+".join)
@pytest.mark.parametrize("bad", ["-A OUTPUT -m nonsense -j DROP", "-A OUTPUT -m cgroup --path no/such -j DROP"])
def test_a_rule_that_is_refused_is_named_and_what_passes_it_is_not_judged(
    bad: str, variants: tuple[Variant, ...]
) -> None:
    text = f"*filter\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -p udp -j DROP\n{bad}\n-A OUTPUT -p tcp -j ACCEPT\nCOMMIT\n"
    answer = judge(text, *variants, flows=("tcp:192.0.2.1:443", "udp:192.0.2.1:53"))
    assert [(one.what, one.line) for one in answer.left_out] == [(bad, 4)]
    passed_it, before_it = answer.judged
    assert passed_it.verdict is KernelVerdict.NOT_JUDGED
    assert bad in passed_it.because
    assert before_it.verdict is KernelVerdict.DROP


def test_without_its_set_a_rule_is_refused() -> None:
    answer = judge(SAVE.replace("match-set bad", "match-set other"), Variant.NFT)
    assert [one.line for one in answer.left_out] == [7]
    assert answer.judged[0].verdict is KernelVerdict.NOT_JUDGED
