"""Who sends from behind a host: where they are by its routes, and what the kernel does with what they send."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from nimnetcheck.errors import InputError
from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin.answer import Leg
from nimnetcheck.twin.ask import ask
from nimnetcheck.twin.behind import USUAL, Behind, find
from nimnetcheck.twin.capture.files import gather
from nimnetcheck.twin.capture.value import Capture, Source
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.verdict import NO_ROUTE
from nimnetcheck.twin.wire import Question

if TYPE_CHECKING:
    from nimnetcheck.twin.answer import Judged

SCENARIOS = Path(__file__).parent / "scenarios"


def placed(name: str, *texts: str) -> dict[str, Any]:
    split = (text.split("/") for text in texts)
    return {"ifname": name, "addr_info": [{"local": local, "prefixlen": int(length)} for local, length in split]}


# Docker's bridge sorts before the way out, Calico's links have routes and no addresses, another node has a gateway.
HOST = Capture(
    addresses=(placed("eth0", "10.0.0.2/24", "fd00::2/64"), placed("docker0", "172.17.0.1/16", "fd17::1/64")),
    routes={
        4: (
            {"dst": "default", "gateway": "10.0.0.1", "dev": "eth0"},
            {"dst": "172.17.0.0/16", "dev": "docker0", "protocol": "kernel", "scope": "link"},
            {"dst": "10.244.1.5", "dev": "cali3f2a91c07de", "scope": "link"},
            {"dst": "10.244.2.0/24", "gateway": "10.0.0.3", "dev": "eth0"},
            {"dst": "10.9.0.0/24", "dev": "wg0", "table": "100"},
            {"dst": "10.8.0.0/24", "dev": "x\nlink del eth0"},
        ),
        6: ({"dst": "default", "gateway": "fd00::1", "dev": "eth0"},),
    },
)
DUAL = ("172.17.0.2", "fd17::2")
CLOSED = """\
table inet filter {
  chain forward {
    type filter hook forward priority filter; policy drop;
    iifname "eth0" ct state established accept
    iifname "docker0" oifname "eth0" ip daddr 192.0.2.1 accept
    iifname "docker0" oifname "eth0" ip6 daddr 2001:db8::1 accept
  }
}
"""
MASQUERADE = """\
table inet nat {
  chain postrouting {
    type nat hook postrouting priority srcnat;
    iifname "docker0" oifname "eth0" masquerade
  }
}
"""


def link(capture: Capture, address: str) -> str:
    return find(capture, ip_address(address)).link


def plain(text: str) -> Capture:
    return Capture(nft=Source(file="rules.nft", text=text))


def judge(capture: Capture, text: str, *flows: str, senders: tuple[str, ...] = DUAL) -> list[Judged]:
    capture = attrs.evolve(capture, nft=Source(file="rules.nft", text=text))
    behind = tuple(find(capture, ip_address(sender)) for sender in senders)
    return list(ask(Question(capture=capture, flows=tuple(map(parse, flows)), behind=behind)).judged)


@pytest.mark.parametrize(
    ("address", "expected"), [("172.17.0.2", "docker0"), ("fd17::2", "docker0"), ("10.244.1.5", "cali3f2a91c07de")]
)
def test_an_address_is_behind_the_link_that_leads_there(address: str, expected: str) -> None:
    assert link(HOST, address) == expected


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("172.17.0.1", "this host's own"),
        ("192.0.2.1", "eth0, which leads there, leads out as well"),
        ("10.0.0.77", "eth0, which leads there, leads out as well"),
        ("10.244.2.9", "eth0, which leads there, leads out as well"),
    ],
)
def test_what_does_not_pass_the_host_is_refused(address: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        link(HOST, address)


def test_without_a_route_there_is_no_link_and_other_tables_are_not_read() -> None:
    alone = attrs.evolve(HOST, routes={4: HOST.routes[4][1:], 6: ()})
    for address in ("192.0.2.1", "10.9.0.2", "10.8.0.2", "2001:db8::9"):
        with pytest.raises(InputError, match="no route leads there"):
            link(alone, address)


def test_of_plain_files_the_rules_tell_the_link() -> None:
    both = (
        'ip saddr 172.17.0.0/16 oifname != "docker0" masquerade\nip saddr 172.18.0.0/16 oifname != "br-1f" masquerade'
    )
    assert link(plain(both), "172.17.0.2") == "docker0"
    assert link(plain(both), "172.18.0.2") == "br-1f"
    assert link(plain('iifname "virbr0" oifname "eth0" accept'), "192.168.122.7") == "virbr0"
    assert find(plain(""), ip_address("10.0.0.5")) == Behind(ip_address("10.0.0.5"), USUAL, assumed=True)
    with pytest.raises(InputError, match="any of docker0, br-1f"):
        link(plain(both), "10.0.0.5")


@pytest.mark.kernel
@pytest.mark.parametrize("rules", [CLOSED, CLOSED + MASQUERADE])
def test_what_is_forwarded_is_judged_in_both_ip_versions(rules: str) -> None:
    flows = ("tcp:192.0.2.1:443", "tcp:[2001:db8::1]:443", "tcp:192.0.2.2:443", "udp:[2001:db8::2]:53")
    seen = judge(HOST, rules, *flows)
    assert [one.verdict for one in seen] == [KernelVerdict.ACCEPT] * 2 + [KernelVerdict.DROP] * 2
    assert {(one.rule.chain, one.leg) for one in seen if one.rule} == {("forward", Leg.REQUEST)}


@pytest.mark.kernel
def test_the_hosts_own_rules_and_the_forward_chain_are_told_apart() -> None:
    """The same files: what Docker's containers send leaves, what the host itself sends does not, and the reverse."""
    for name, own, forwarded in (("docker", "drop", "accept"), ("forward-docker-user", "accept", "reject")):
        capture = gather(iptables=SCENARIOS / name / "rules.v4")
        question = Question(capture=capture, flows=(parse("tcp:159.60.126.10:443"),))
        behind = attrs.evolve(question, behind=(find(capture, ip_address("172.17.0.2")),))
        assert [str(ask(one).judged[0].verdict) for one in (question, behind)] == [own, forwarded]


@pytest.mark.kernel
def test_what_is_for_the_host_itself_comes_in_and_is_not_forwarded() -> None:
    closed = CLOSED.replace("hook forward", "hook input").replace("chain forward", "chain input")
    for rules, verdict in ((CLOSED, KernelVerdict.ACCEPT), (closed, KernelVerdict.DROP)):
        (seen,) = judge(HOST, rules, "udp:172.17.0.1:53")
        assert seen.verdict is verdict


@pytest.mark.kernel
def test_a_host_that_does_not_forward_passes_nothing() -> None:
    off = attrs.evolve(HOST, sysctls={"net.ipv4.ip_forward": "0", "net.ipv6.conf.all.forwarding": "1"})
    old, new, own = judge(off, "", "tcp:192.0.2.1:443", "tcp:[2001:db8::1]:443", "tcp:172.17.0.1:443")
    assert (old.verdict, old.because) == (
        KernelVerdict.NOT_JUDGED,
        "this host forwards nothing of IPv4: net.ipv4.ip_forward is 0",
    )
    assert (new.verdict, own.verdict) == (KernelVerdict.ACCEPT, KernelVerdict.ACCEPT)


@pytest.mark.kernel
def test_who_has_no_address_of_an_ip_version_has_no_route_in_it() -> None:
    old, new = judge(HOST, "", "tcp:192.0.2.1:443", "tcp:[2001:db8::1]:443", senders=DUAL[:1])
    assert old.verdict is KernelVerdict.ACCEPT
    assert (new.verdict, new.because) == (KernelVerdict.NOT_JUDGED, NO_ROUTE)


@pytest.mark.kernel
def test_rules_of_a_bridge_are_not_judged_and_a_drop_before_them_is() -> None:
    bridge = "table bridge b {\n  chain f {\n    type filter hook forward priority 0; policy drop;\n  }\n}\n"
    accepted, dropped = judge(HOST, CLOSED + bridge, "tcp:192.0.2.1:443", "tcp:192.0.2.2:443")
    assert (accepted.verdict, dropped.verdict) == (KernelVerdict.NOT_JUDGED, KernelVerdict.DROP)
    assert "a twin has no bridge: table bridge b" in accepted.because


@pytest.mark.kernel
@pytest.mark.parametrize(("state", "leg"), [("established", Leg.ERROR), ("established,related", None)])
def test_what_a_router_says_is_forwarded_to_who_sent_it(state: str, leg: Leg | None) -> None:
    rules = (CLOSED + MASQUERADE).replace("ct state established accept", f"ct state {state} accept")
    capture = attrs.evolve(HOST, nft=Source(file="rules.nft", text=rules))
    behind = (find(capture, ip_address("172.17.0.2")),)
    question = Question(capture=capture, flows=(parse("tcp:192.0.2.1:443"),), behind=behind, errors=True)
    flow, error = ask(question).judged
    assert (flow.verdict, error.flow.is_error, error.leg) == (KernelVerdict.ACCEPT, True, leg)
