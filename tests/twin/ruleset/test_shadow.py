"""Rules that somebody put into a table of iptables with nft: a save shows them as others."""

from __future__ import annotations

import pytest

from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin import tools
from nimnetcheck.twin.answer import Firewall
from nimnetcheck.twin.ask import ask
from nimnetcheck.twin.capture.value import Capture, Save, Source, Variant
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.load.loaded import POLICY, Written
from nimnetcheck.twin.ruleset.shadow import is_foreign, marked, rules
from nimnetcheck.twin.wire import Question

CHAIN = ("ip", "filter", "OUTPUT")
OWN, ALSO_OWN = "ip daddr 192.0.2.1 counter drop", 'xt match "set" counter accept'
FOREIGN, COUNTED = "ip daddr { 192.0.2.1, 192.0.2.2 } drop", "ip daddr { 192.0.2.1, 192.0.2.2 } counter drop"


def written(*texts: str) -> dict[tuple[str, str, str], tuple[Written, ...]]:
    policy = Written(firewall=Firewall.IPTABLES_NFT, number=POLICY, text=":OUTPUT ACCEPT", file="s", line=1)
    there = (
        Written(firewall=Firewall.IPTABLES_NFT, number=at, text=text, file="s", line=at + 1)
        for at, text in enumerate(texts, 1)
    )
    return {CHAIN: (policy, *there)}


def really(host: list[str], twin: list[str] | None) -> list[str]:
    saved = written(*(f"-A OUTPUT -j RULE{at}" for at in range(len(host))))
    return [rule.really for rule in marked(saved, {CHAIN: host}, None if twin is None else {CHAIN: twin})[CHAIN][1:]]


@pytest.mark.parametrize(
    ("words", "foreign"),
    [
        (OWN, False),
        (ALSO_OWN, False),
        ("counter jump DOCKER", False),
        ("@th,16,16 0x1bb counter drop", False),
        (FOREIGN, True),
        ("ip daddr @bad counter drop", True),
        ("tcp dport vmap { 443 : drop } counter", True),
        ('drop comment "counter"', True),
    ],
)
def test_what_iptables_cannot_have_made(words: str, *, foreign: bool) -> None:
    assert is_foreign(words) is foreign


def test_the_same_nft_prints_the_same_rule_the_same_way() -> None:
    assert really([OWN, COUNTED], [OWN, "counter drop"]) == ["", COUNTED]
    assert really([OWN, ALSO_OWN], [OWN, ALSO_OWN]) == ["", ""]


def test_of_another_nft_only_what_iptables_never_makes_is_told() -> None:
    assert really([OWN, FOREIGN, COUNTED], None) == ["", FOREIGN, ""]


def test_counts_and_handles_make_no_difference() -> None:
    text = (
        "table ip filter {\n chain OUTPUT {\n  ip daddr 192.0.2.1 counter packets 3 bytes 180 drop # handle 7\n }\n}\n"
    )
    assert rules(Source(file="n", text=text)) == {CHAIN: [OWN]}


@pytest.mark.kernel
@pytest.mark.parametrize("same", [True, False])
def test_a_flow_that_meets_such_a_rule_is_not_judged(*, same: bool) -> None:
    """iptables-save prints the second rule as a drop of everything."""
    save = "*filter\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -p udp -j ACCEPT\n-A OUTPUT -j DROP\nCOMMIT\n"
    shadow = (
        "table ip filter {\n chain OUTPUT {\n  type filter hook output priority filter; policy accept;\n"
        f"  meta l4proto udp counter packets 1 bytes 1 accept\n  {FOREIGN}\n }}\n}}\n"
    )
    version = tools.run(("nft", "--version")).out.partition("\n")[0]
    capture = Capture(
        saves=(Save(variant=Variant.NFT, version=4, source=Source(file="s", text=save)),),
        shadow=Source(file="n", text=shadow),
        tools={"nft": version if same else "nftables v0.1"},
    )
    tcp, udp = ask(Question(capture=capture, flows=(parse("tcp:192.0.2.9:443"), parse("udp:192.0.2.9:53")))).judged
    assert tcp.verdict is KernelVerdict.NOT_JUDGED
    assert FOREIGN in tcp.because
    # In words of its own nft prints the first rule otherwise: it is the same, and iptables' own.
    assert udp.verdict is KernelVerdict.ACCEPT
