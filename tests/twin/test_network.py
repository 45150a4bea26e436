"""The network of a twin, made by the kernel: captured addresses and routes decide where packets leave."""

from __future__ import annotations

import subprocess
import sys
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin.ask import ask
from nimnetcheck.twin.behind import Behind
from nimnetcheck.twin.capture.value import Capture, Source
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.layout import lay_out
from nimnetcheck.twin.network import HARDWARE, behind_side, far_side
from nimnetcheck.twin.wire import Question
from tests.twin.hosts import taken

if TYPE_CHECKING:
    from nimnetcheck.twin.answer import Answer

ADDRESSES: tuple[dict[str, Any], ...] = (
    {"ifname": "ens3", "addr_info": [{"local": "10.0.0.2", "prefixlen": 24}, {"local": "fd00::2", "prefixlen": 64}]},
    {"ifname": "bond0.120", "addr_info": [{"local": "10.1.0.2", "prefixlen": 24}]},
)
WAY_OUT = {"dst": "default", "gateway": "10.0.0.1", "dev": "ens3", "metric": 100}
INNER = {"dst": "198.51.100.0/24", "gateway": "10.1.0.1", "dev": "bond0.120"}
WAITING = """\
import subprocess, time
from nimnetcheck.twin.capture.value import Capture
from nimnetcheck.twin.layout import lay_out
from nimnetcheck.twin.network import await_carrier
subprocess.run("ip link add p0 type veth peer name q0; ip link set p0 up", shell=True, check=True)
began = time.monotonic()
subprocess.Popen(["sh", "-c", "sleep 0.3; ip link set q0 up"])
await_carrier(lay_out(Capture()))
print(time.monotonic() - began)
"""
OF_EVERY_KIND = (
    "not fwmark 51820 table 51820",
    "table main suppress_prefixlength 0",
    "table main suppress_ifgroup 5",
    "ipproto tcp dport 80-90 table 100",
    "ipproto tcp sport 1000-1010 table 100",
    "ipproto udp dport 53 uidrange 0-0 table 100",
    "tos 0x10 table 100",
    "from 10.0.0.0/24 to 1.1.0.0/16 iif lo oif e0 table 100",
    "fwmark 0x1/0xff goto 40000 pref 100",
    "l3mdev pref 1000",
    "nop pref 400",
    "pref 40000 table main",
    "pref 32766 to 1.1.1.1 table 100",
    "from 1.1.1.1 unreachable",
)
RULES = """\
table inet f {
 chain o {
  type filter hook output priority 0; policy drop;
  oifname "ens3" ip saddr 10.0.0.2 accept
  oifname "bond0.120" ip daddr 198.51.100.1 drop comment "inner"
 }
}
"""


def judge(
    *flows: str,
    routes: tuple[dict[str, Any], ...],
    nft: str = RULES,
    rules: tuple[dict[str, Any], ...] = (),
    reverse_path: str = "0",
) -> Answer:
    capture = Capture(
        nft=Source(file="n", text=nft),
        addresses=ADDRESSES,
        routes={4: routes, 6: ()},
        rules={4: rules, 6: ()},
        sysctls={"net.ipv4.conf.all.rp_filter": reverse_path},
    )
    return ask(Question(capture=capture, flows=tuple(parse(flow) for flow in flows)))


@pytest.mark.kernel
def test_packets_leave_as_the_captured_routes_say() -> None:
    flows = ("tcp:192.0.2.1:443", "tcp:198.51.100.1:443", "udp:10.0.0.53:53")
    outer, inner, neighbour = judge(*flows, routes=(WAY_OUT, INNER)).judged
    assert (outer.verdict, neighbour.verdict) == (KernelVerdict.ACCEPT, KernelVerdict.ACCEPT)
    assert inner.rule
    assert (inner.verdict, inner.rule.comment) == (KernelVerdict.DROP, "inner")


@pytest.mark.kernel
def test_a_host_without_a_route_says_so_and_passes_nothing() -> None:
    (judged,) = judge("tcp:[2001:db8::1]:443", routes=(WAY_OUT,)).judged
    assert (judged.verdict, judged.because) == (KernelVerdict.NOT_JUDGED, "no route leads there")


@pytest.mark.kernel
def test_a_route_that_cannot_be_made_leaves_its_destinations_not_judged() -> None:
    odd = {**INNER, "gateway": "203.0.113.1"}
    outer, inner = judge("tcp:192.0.2.1:443", "tcp:198.51.100.1:443", routes=(WAY_OUT, odd)).judged
    assert (outer.verdict, inner.verdict) == (KernelVerdict.ACCEPT, KernelVerdict.NOT_JUDGED)
    assert "198.51.100.0/24" in inner.because


@pytest.mark.kernel
def test_routing_rules_are_followed() -> None:
    other = {**WAY_OUT, "gateway": "10.1.0.1", "dev": "bond0.120", "table": "100"}
    rule = {"priority": 100, "src": "all", "dst": "198.51.100.1", "table": "100"}
    blocked = judge("tcp:198.51.100.1:443", routes=(WAY_OUT, other), rules=(rule,)).judged
    direct = judge("tcp:198.51.100.1:443", routes=(WAY_OUT, other)).judged
    assert [one.verdict for one in (*blocked, *direct)] == [KernelVerdict.DROP, KernelVerdict.ACCEPT]


@pytest.mark.kernel
def test_every_kind_of_routing_rule_is_made_as_it_was(tmp_path: Path) -> None:
    """A host's are captured, made in another namespace, and captured there."""
    was = taken(tmp_path, "".join(f"ip -4 rule add {rule}\n" for rule in OF_EVERY_KIND)).rules[4]
    made = lay_out(Capture(addresses=ADDRESSES, rules={4: was})).rules[4]
    (tmp_path / "capture.tar.gz").unlink()
    assert len(made) == len(OF_EVERY_KIND)
    anew = taken(tmp_path, "".join(f"ip -4 {line.text}\n" for line in made)).rules[4]
    assert anew == was


@pytest.mark.kernel
@pytest.mark.parametrize(
    ("suppressing", "expected"), [({"suppress_prefixlen": 0}, KernelVerdict.DROP), ({}, KernelVerdict.ACCEPT)]
)
def test_a_tunnel_for_everything_is_taken(suppressing: dict[str, int], expected: KernelVerdict) -> None:
    """As wg-quick makes it: of the main table only longer routes come before the tunnel's."""
    tunnel = {"dst": "default", "dev": "bond0.120", "table": "51820"}
    rules = (
        {"priority": 32764, "src": "all", "table": "main", **suppressing},
        {"priority": 32765, "not": None, "src": "all", "fwmark": "0xca6c", "table": "51820"},
    )
    (judged,) = judge("tcp:198.51.100.1:443", routes=(WAY_OUT, tunnel), rules=rules).judged
    assert judged.verdict is expected


@pytest.mark.kernel
def test_a_routing_rule_that_is_not_understood_leaves_nothing_judged_by_its_name() -> None:
    realm = {"priority": 97, "src": "all", "table": "100", "flow_from": "4"}
    (judged,) = judge("tcp:192.0.2.1:443", routes=(WAY_OUT,), rules=(realm,)).judged
    assert judged.verdict is KernelVerdict.NOT_JUDGED
    assert judged.because.startswith("the routing rule of priority 97 with 'flow_from' could not be made: ")


@pytest.mark.kernel
@pytest.mark.parametrize("reverse_path", ["0", "1"])
def test_a_translated_source_is_answered_where_packets_leave(reverse_path: str) -> None:
    nat = "table ip n {\n chain p {\n  type nat hook postrouting priority 100;\n  snat to 203.0.113.7\n }\n}\n"
    (judged,) = judge("tcp:192.0.2.1:443", routes=(WAY_OUT,), nft=nat, reverse_path=reverse_path).judged
    assert judged.verdict is KernelVerdict.ACCEPT


@pytest.mark.kernel
def test_answers_that_come_another_way_are_met_as_on_the_host() -> None:
    """They leave by one link with the other's address: a strict reverse path filter, and no rule, drops the answer."""
    crossed = {**WAY_OUT, "prefsrc": "10.1.0.2"}
    (loose,) = judge("tcp:192.0.2.1:443", routes=(crossed,), nft="").judged
    (strict,) = judge("tcp:192.0.2.1:443", routes=(crossed,), nft="", reverse_path="1").judged
    assert loose.verdict is KernelVerdict.ACCEPT
    assert (strict.verdict, strict.because) == (
        KernelVerdict.NOT_JUDGED,
        "no answer came, and no traced rule stopped it",
    )


def test_the_far_side_leads_back_to_every_address_of_the_host() -> None:
    lines = [line.text for line in far_side(lay_out(Capture(addresses=ADDRESSES)), [ip_address("203.0.113.7")], "near")]
    assert "route replace 10.1.0.2 dev p0" in lines
    assert "route replace 10.0.0.2 dev p1" in lines
    assert "route replace 203.0.113.7 dev p0" in lines


@pytest.mark.kernel
def test_nothing_is_sent_before_both_ends_of_a_link_are_up() -> None:
    """A veth that was up before its peer drops what it is given until the kernel has switched it on."""
    ran = subprocess.run(
        ["unshare", "-Urn", sys.executable, "-c", WAITING],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        timeout=60,
    )
    assert 0.3 <= float(ran.stdout) < 1.5


def test_what_is_behind_a_link_stands_there_and_not_on_the_far_side() -> None:
    layout = lay_out(
        Capture(addresses=ADDRESSES, routes={4: (WAY_OUT,)}), (Behind(ip_address("10.1.0.9"), "bond0.120"),)
    )
    far = [line.text for line in far_side(layout, [], "near")]
    assert not [line for line in far if "bond0.120" in line or line.startswith("route replace 10.1.0.2 ")]
    assert "route replace 10.1.0.9 dev p0" in far, "answers come back by the way out"
    assert [line.text for line in behind_side(layout, "near")] == [
        "link set lo up",
        f"link add p1 address {HARDWARE} type veth peer name bond0.120 address {HARDWARE} netns near",
        "link set p1 arp off up",
        "addr add 10.1.0.9 dev p1",
        "route replace 0.0.0.0/0 dev p1",
    ]
