"""Questions and answers cross as JSON without loss."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from nimnetcheck.errors import NotJudgedError
from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin import wire
from nimnetcheck.twin.answer import Answer, Applied, Firewall, Judged, LeftOut, Leg, Round, Rule
from nimnetcheck.twin.behind import Behind
from nimnetcheck.twin.capture.value import Capture, Save, Source, Unread, Variant
from nimnetcheck.twin.flow import parse
from tests.twin.blocked import error

CAPTURE = Capture(
    host="a",
    nft=Source(file="nft.txt", text="table inet x {\n}\n"),
    saves=(Save(variant=Variant.LEGACY, version=6, source=Source(file="s", text="*filter\nCOMMIT\n")),),
    ipset=Source(file="i", text=""),
    links=({"ifname": "eth0"},),
    addresses=({"ifname": "eth0", "addr_info": [{"local": "192.0.2.2", "prefixlen": 24}]},),
    routes={4: ({"dst": "default", "gateway": "192.0.2.1", "dev": "eth0"},), 6: ()},
    rules={4: ()},
    sysctls={"net.ipv4.ip_forward": "1"},
    tools={"nft": "1.0.6"},
    firewalld=(Source(file="zones/x.xml", text="<zone/>"),),
    unread=(Unread(part="ipset", because="no such file"),),
)
RULE = Rule(firewall=Firewall.NFTABLES, family="inet", table="t", chain="c", number=3, handle=7, text="drop", line=9)


def test_a_question_is_read_as_it_was_written() -> None:
    question = wire.Question(
        capture=CAPTURE,
        flows=(parse("tcp:192.0.2.1:443"), parse("udp:[2001:db8::1]:53"), error("tcp:[2001:db8::1]:443")),
        behind=(Behind(ip_address("172.17.0.2"), "docker0", assumed=True), Behind(ip_address("fd00::2"), "cni0")),
        trials=((wire.Command(words=("nft", "-f", "-"), text="x"),), ()),
        errors=True,
    )
    assert wire.read_question(wire.dump_question(question)) == question


def test_an_answer_is_read_as_it_was_written() -> None:
    judged = Judged(
        flow=parse("tcp:[2001:db8::1]:443"), verdict=KernelVerdict.DROP, leg=Leg.REPLY, rule=RULE, path=(RULE,)
    )
    open_ = Judged(flow=parse("udp:192.0.2.1:53"), verdict=KernelVerdict.ACCEPT)
    applied = Applied(command=("nft", "x"), error="no")
    answer = Answer(
        rounds=(Round(judged=(judged, open_)), Round(judged=(open_,), applied=(applied,))),
        left_out=(LeftOut(what="x", because="y", file="f", line=3), LeftOut(what="x", because="y")),
        assumed="eth0",
    )
    assert wire.read_answer(wire.dump_answer(answer)) == answer


def test_a_refusal_is_raised() -> None:
    with pytest.raises(NotJudgedError, match="why not"):
        wire.read_answer(wire.dump_refusal("why not"))
