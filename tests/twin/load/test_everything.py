"""A whole capture: sets, both iptables and nft's own tables, all in force together."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from nimnetcheck.errors import NotJudgedError
from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin.answer import Answer, Firewall
from nimnetcheck.twin.ask import ask
from nimnetcheck.twin.capture.value import Capture, Save, Source, Variant
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.wire import Question

pytestmark = pytest.mark.kernel
NFT = "table inet site {\n chain o {\n  type filter hook output priority 0;\n  ip daddr 192.0.2.1 drop\n }\n}\n"
SAVE = "*filter\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -d 192.0.2.2/32 -j DROP\nCOMMIT\n"
OLD = SAVE.replace("192.0.2.2", "192.0.2.3")
RAW = "*raw\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -m set --match-set bad dst -j DROP\nCOMMIT\n"
SETS = "create bad hash:ip family inet\nadd bad 192.0.2.4\n"
FLOWS = tuple(f"tcp:192.0.2.{n}:443" for n in range(1, 6))


def judge(*saves: Save, nft: str = "", sets: str = SETS) -> Answer:
    capture = Capture(nft=Source(file="nft", text=nft), saves=saves, ipset=Source(file="sets", text=sets))
    return ask(Question(capture=capture, flows=tuple(parse(flow) for flow in FLOWS)))


def save(variant: Variant, text: str) -> Save:
    return Save(variant=variant, version=4, source=Source(file=f"{variant}", text=text))


def test_each_firewall_decides_for_itself_and_all_must_accept() -> None:
    judged = judge(save(Variant.NFT, SAVE + RAW), save(Variant.LEGACY, OLD), nft=NFT).judged
    assert [one.rule.firewall if one.rule else None for one in judged] == [
        Firewall.NFTABLES,
        Firewall.IPTABLES_NFT,
        Firewall.IPTABLES_LEGACY,
        Firewall.IPTABLES_NFT,
        None,
    ]


def test_a_member_that_is_not_taken_leaves_nothing_judged() -> None:
    answer = judge(save(Variant.NFT, RAW), sets=SETS + "add bad 192.0.2.999\n")
    assert [(one.what, one.line) for one in answer.left_out] == [("add bad 192.0.2.999", 3)]
    assert {one.verdict for one in answer.judged} == {KernelVerdict.NOT_JUDGED}


def test_a_part_that_is_refused_as_a_whole_ends_the_judgement() -> None:
    with pytest.raises(NotJudgedError, match="nft cannot be loaded"):
        judge(nft="table inet x {\n")


def test_a_table_that_vanishes_leaves_nothing_judged() -> None:
    """An owner's table goes when the tool that loaded it ends, and the tool says nothing of it."""
    judged = judge(nft=NFT.replace("table inet site {\n", "table inet site {\n flags owner\n")).judged
    assert {one.verdict for one in judged} == {KernelVerdict.NOT_JUDGED}
    assert "inet site o is not in the twin" in judged[0].because


def test_a_member_that_had_a_second_left_stays_as_long_as_the_twin() -> None:
    made = "create bad hash:ip family inet timeout 5 comment\n"
    held = 'add bad 192.0.2.1 timeout 1 comment "for timeout 7"\nadd bad 192.0.2.2 timeout 0\n'
    code = "import sys; from nimnetcheck.twin.load.everything import restore; restore(sys.stdin.read())"
    ran = subprocess.run(
        ["unshare", "-Urn", "sh", "-c", '"$0" -c "$1" && ipset save', sys.executable, code],
        input=made + held,
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
        timeout=60,
    )
    assert re.search(r'^add bad 192.0.2.1 timeout 8\d{4} comment "for timeout 7"$', ran.stdout, re.MULTILINE)
    assert re.search(r"^add bad 192.0.2.2 timeout 0$", ran.stdout, re.MULTILINE)
