"""The kernel's settings of a host decide in its twin: each changes a verdict, and nothing else is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin import sysctls
from nimnetcheck.twin.ask import ask
from nimnetcheck.twin.capture.value import Capture, Source
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.verdict import NO_ROUTE
from nimnetcheck.twin.wire import Question
from tests.twin.hosts import taken

if TYPE_CHECKING:
    from pathlib import Path

    from nimnetcheck.twin.answer import Answer

ADDRESSES: tuple[dict[str, Any], ...] = (
    {"ifname": "ens3", "addr_info": [{"local": "10.0.0.2", "prefixlen": 24}, {"local": "fd00::2", "prefixlen": 64}]},
    {"ifname": "bond0.120", "addr_info": [{"local": "10.1.0.2", "prefixlen": 24}]},
)
OUTER: dict[str, Any] = {"dst": "default", "gateway": "10.0.0.1", "dev": "ens3"}
INNER: dict[str, Any] = {"dst": "default", "gateway": "10.1.0.1", "dev": "bond0.120"}
OUTER_6: dict[str, Any] = {"dst": "default", "gateway": "fd00::1", "dev": "ens3"}
FLOW, FLOW_6, LOCAL_6 = "tcp:192.0.2.1:443", "tcp:[2001:db8::1]:443", "udp:[::1]:53"
NO_ANSWER = "no answer came, and no traced rule stopped it"
ACCEPT, DROP, NOT_JUDGED = KernelVerdict.ACCEPT, KernelVerdict.DROP, KernelVerdict.NOT_JUDGED
OUT = "table inet f {\n chain o {\n  type filter hook output priority 0; policy %s;\n  %s\n }\n}\n"


def judge(*flows: str, nft: str = "", settings: dict[str, str] | None = None, **network: Any) -> Answer:  # noqa: ANN401 (routes and rules as `ip` prints them)
    capture = Capture(
        nft=Source(file="n", text=nft),
        addresses=ADDRESSES,
        routes={4: network.get("routes", (OUTER,)), 6: (OUTER_6,)},
        rules={4: network.get("rules", ()), 6: ()},
        sysctls=settings or {},
    )
    return ask(Question(capture=capture, flows=tuple(map(parse, flows))))


def verdicts(answer: Answer) -> list[KernelVerdict]:
    return [one.verdict for one in answer.judged]


@pytest.mark.kernel
@pytest.mark.parametrize(
    ("name", "value", "dropped"),
    [
        ("net.ipv4.ip_local_port_range", "10000 10999", "tcp sport 10000-10999"),
        ("net.ipv4.ip_default_ttl", "128", "ip ttl 128"),
        ("net.ipv4.tcp_ecn", "1", "tcp flags == syn | ecn | cwr"),
        ("net.ipv4.tcp_timestamps", "0", "tcp flags syn tcp option timestamp missing"),
        ("net.ipv4.tcp_sack", "0", "tcp flags syn tcp option sack-perm missing"),
        ("net.ipv4.tcp_window_scaling", "0", "tcp flags syn tcp option window missing"),
    ],
)
def test_packets_look_as_they_do_on_the_host(name: str, value: str, dropped: str) -> None:
    rules = OUT % ("accept", f"{dropped} drop")
    assert verdicts(judge(FLOW, nft=rules)) == [ACCEPT]
    assert verdicts(judge(FLOW, nft=rules, settings={name: value})) == [DROP]


@pytest.mark.kernel
@pytest.mark.parametrize("link", ["default", "ens3"])
def test_a_hop_limit_is_that_of_its_link(link: str) -> None:
    rules = OUT % ("accept", "ip6 hoplimit 70 drop")
    assert verdicts(judge(FLOW_6, nft=rules)) == [ACCEPT]
    assert verdicts(judge(FLOW_6, nft=rules, settings={f"net.ipv6.conf.{link}.hop_limit": "70"})) == [DROP]


@pytest.mark.kernel
def test_a_reserved_port_is_nobodys() -> None:
    few = {"net.ipv4.ip_local_port_range": "10000 10003"}
    rules = OUT % ("accept", "tcp sport != 10003 drop")
    reserved = {**few, "net.ipv4.ip_local_reserved_ports": "10000-10002"}
    assert verdicts(judge(FLOW, nft=rules, settings=reserved)) == [ACCEPT]
    assert verdicts(judge(*(f"tcp:192.0.2.{n}:443" for n in range(1, 4)), nft=rules, settings=few)).count(DROP) >= 2


@pytest.mark.kernel
def test_more_flows_than_a_host_has_ports_are_all_judged() -> None:
    flows = [f"tcp:192.0.2.{n}:443" for n in range(1, 9)]
    assert verdicts(judge(*flows, settings={"net.ipv4.ip_local_port_range": "10000 10001"})) == [ACCEPT] * 8


@pytest.mark.kernel
def test_a_connection_whose_beginning_was_not_seen_is_taken_up_or_invalid() -> None:
    """Where the SYN goes untracked, the handshake's last packet is the first one that is known."""
    raw = "table ip r {\n chain o {\n  type filter hook output priority raw;\n  tcp flags syn notrack\n }\n}\n"
    rules = raw + OUT % ("accept", "ct state invalid drop")
    assert verdicts(judge(FLOW, nft=rules)) == [ACCEPT]
    assert verdicts(judge(FLOW, nft=rules, settings={"net.netfilter.nf_conntrack_tcp_loose": "0"})) == [DROP]


@pytest.mark.kernel
@pytest.mark.parametrize("link", ["all", "default", "ens3", "bond0/120"])
def test_answers_that_come_another_way_are_met_as_that_link_does(link: str) -> None:
    """They leave by ens3 with the other link's address, where the answer comes in."""
    crossed = ({**OUTER, "prefsrc": "10.1.0.2"},)
    (judged,) = judge(FLOW, routes=crossed, settings={f"net.ipv4.conf.{link}.rp_filter": "1"}).judged
    expected = (ACCEPT, "") if link == "ens3" else (NOT_JUDGED, NO_ANSWER)
    assert (judged.verdict, judged.because) == expected


@pytest.mark.kernel
@pytest.mark.parametrize(("valid", "expected"), [("0", NOT_JUDGED), ("1", ACCEPT)])
def test_a_mark_counts_for_the_way_back_where_the_host_says_so(valid: str, expected: KernelVerdict) -> None:
    """Only what is marked would go back by ens3, where the answer comes in."""
    marking = "table ip m {\n chain p {\n  type filter hook prerouting priority mangle;\n  meta mark set 1\n }\n}\n"
    routes = ({**INNER, "prefsrc": "10.0.0.2"}, {**OUTER, "table": "100"})
    rules = ({"priority": 100, "src": "all", "fwmark": "0x1", "table": "100"},)
    settings = {"net.ipv4.conf.all.rp_filter": "1", "net.ipv4.conf.ens3.src_valid_mark": valid}
    assert verdicts(judge(FLOW, nft=marking, routes=routes, rules=rules, settings=settings)) == [expected]


@pytest.mark.kernel
@pytest.mark.parametrize(("value", "expected"), [("0", NOT_JUDGED), ("1", ACCEPT)])
def test_what_is_led_away_from_loopback_leaves_where_the_host_allows_it(value: str, expected: KernelVerdict) -> None:
    leading = (
        "table ip n {\n"
        " chain o {\n  type nat hook output priority -100;\n  ip daddr 127.0.0.53 dnat to 192.0.2.53\n }\n"
        " chain p {\n  type nat hook postrouting priority 100;\n  masquerade\n }\n}\n"
    )
    settings = {"net.ipv4.conf.all.route_localnet": value}
    assert verdicts(judge("udp:127.0.0.53:53", nft=leading, settings=settings)) == [expected]


@pytest.mark.kernel
@pytest.mark.parametrize(
    ("settings", "open_"),
    [
        ({}, {FLOW, FLOW_6, LOCAL_6}),
        ({"net.ipv6.conf.default.disable_ipv6": "1"}, {FLOW}),
        ({"net.ipv6.conf.ens3.disable_ipv6": "1"}, {FLOW, LOCAL_6}),
        ({"net.ipv6.conf.default.disable_ipv6": "1", "net.ipv6.conf.ens3.disable_ipv6": "0"}, {FLOW, FLOW_6}),
    ],
)
def test_where_ipv6_is_off_nothing_of_it_leaves(settings: dict[str, str], open_: set[str]) -> None:
    judged = judge(FLOW, FLOW_6, LOCAL_6, settings=settings).judged
    assert {str(one.flow) for one in judged if one.verdict is ACCEPT} == open_
    unrouted = {str(one.flow) for one in judged if one.because == NO_ROUTE}
    assert (FLOW_6 in unrouted) is (FLOW_6 not in open_)


@pytest.mark.kernel
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("net.ipv4.tcp_ecn", [NOT_JUDGED, NOT_JUDGED]),
        ("net.ipv6.conf.default.disable_ipv6", [ACCEPT, NOT_JUDGED]),
        ("net.ipv4.ip_forward", [ACCEPT, ACCEPT]),  # only told
        ("net.core.somaxconn", [ACCEPT, ACCEPT]),  # somebody wrote it there
    ],
)
def test_what_cannot_be_set_leaves_flows_not_judged_by_its_name(name: str, expected: list[KernelVerdict]) -> None:
    answer = judge(FLOW, FLOW_6, settings={name: "odd"})
    assert verdicts(answer) == expected
    said = f"{name} = odd could not be set in the twin: Invalid argument"
    assert {one.because for one in answer.judged if one.verdict is NOT_JUDGED} <= {said}


@pytest.mark.kernel
def test_a_host_is_captured_with_what_its_links_have_otherwise(tmp_path: Path) -> None:
    capture = taken(
        tmp_path,
        """
        ip link add eth0 type veth peer name v0.7
        cd /proc/sys/net
        echo 1 >ipv4/conf/v0.7/rp_filter
        echo 1 >ipv6/conf/eth0/disable_ipv6
        echo 20000 29999 >ipv4/ip_local_port_range
        cd /
        """,
    )
    assert capture.sysctls["net.ipv4.conf.v0/7.rp_filter"] == "1"
    assert capture.sysctls["net.ipv6.conf.eth0.disable_ipv6"] == "1"
    assert capture.sysctls["net.ipv4.ip_local_port_range"] == "20000 29999"
    assert "net.ipv4.conf.eth0.rp_filter" not in capture.sysctls
    assert "net.ipv6.conf.v0/7.disable_ipv6" not in capture.sysctls


def test_a_host_without_ipv6_has_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "sys/net/ipv4"
    folder.mkdir(parents=True)
    folder.joinpath("tcp_ecn").write_text("2\n", encoding="ascii")
    assert sysctls.read(tmp_path) == {"net.ipv4.tcp_ecn": "2"}
