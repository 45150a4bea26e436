"""A host's network as lines for `ip`; what the kernel makes by itself, and what is no name or address, is left out."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any

from nimnetcheck.twin.behind import Behind
from nimnetcheck.twin.capture.value import Capture, Source
from nimnetcheck.twin.layout import lay_out
from nimnetcheck.twin.routing import Line

ADDRESSES: tuple[dict[str, Any], ...] = (
    {"ifname": "lo", "addr_info": [{"local": "127.0.0.1", "prefixlen": 8}]},
    {
        "ifname": "ens3",
        "addr_info": [{"local": "192.0.2.2", "prefixlen": 24}, {"local": "2001:db8::2", "prefixlen": 64}],
    },
    {"ifname": "bond0.120", "addr_info": [{"local": "198.51.100.2", "prefixlen": 24}]},
    {"ifname": "unused0", "addr_info": []},
)
ROUTES = {
    4: (
        {
            "dst": "default",
            "gateway": "192.0.2.1",
            "dev": "ens3",
            "protocol": "dhcp",
            "prefsrc": "192.0.2.2",
            "metric": 100,
        },
        {"dst": "192.0.2.0/24", "dev": "ens3", "protocol": "kernel", "scope": "link"},
        {"dst": "192.0.2.1", "dev": "ens3", "scope": "link"},
        {"type": "local", "dst": "192.0.2.2", "dev": "ens3", "table": "local"},
        {"type": "blackhole", "dst": "10.0.0.0/8", "flags": []},
        {"dst": "203.0.113.0/24", "gateway": "198.51.100.1", "dev": "bond0.120", "table": "100"},
        {"dst": "default", "gateway": "x; rm -rf /", "dev": "ens3"},
    ),
    6: ({"dst": "default", "nexthops": [{"gateway": "2001:db8::1", "dev": "ens3", "weight": 1}]},),
}
RULES = {4: ({"priority": 100, "src": "10.0.0.0", "srclen": 8, "table": "100"},)}
CAPTURE = Capture(addresses=ADDRESSES, routes=ROUTES, rules=RULES)


def test_links_with_addresses_are_made_and_others_only_when_a_rule_names_them() -> None:
    assert lay_out(CAPTURE).links == ("ens3", "bond0.120")
    named = Capture(addresses=ADDRESSES, nft=Source(file="x", text='iifname "unused0" oifname "docker*" iif lo'))
    assert set(lay_out(named).links) == {"bond0.120", "ens3", "unused0"}


def test_routes_are_written_as_captured_and_gateways_after_what_leads_to_them() -> None:
    lines = [line.text for line in lay_out(CAPTURE).lines]
    assert lines[:3] == [
        "addr replace 192.0.2.2/24 dev ens3",
        "addr replace 198.51.100.2/24 dev bond0.120",
        "addr replace 2001:db8::2/64 dev ens3 nodad",
    ]
    assert lines[3:] == [
        "route replace 192.0.2.1/32 dev ens3",
        "route replace blackhole 10.0.0.0/8",
        "",
        "route replace 0.0.0.0/0 metric 100 src 192.0.2.2 via 192.0.2.1 dev ens3",
        "route replace 203.0.113.0/24 table 100 via 198.51.100.1 dev bond0.120",
        "route replace ::/0 nexthop via 2001:db8::1 dev ens3 weight 1",
    ]


def test_a_route_that_cannot_be_written_is_not_written_as_another() -> None:
    unmade = [line for line in lay_out(CAPTURE).lines if not line.text]
    assert [str(line.network) for line in unmade] == ["0.0.0.0/0"]


def test_a_hostile_word_reaches_no_line() -> None:
    assert not any(";" in line.text for line in lay_out(CAPTURE).lines)
    odd = Capture(addresses=({"ifname": "a b\nlink", "addr_info": [{"local": "192.0.2.2", "prefixlen": 24}]},))
    assert lay_out(odd).links == ()


def test_an_address_is_written_as_it_is_and_the_first_of_ipv6_last() -> None:
    infos = (
        {"local": "10.8.0.2", "address": "10.8.0.1", "prefixlen": 32, "scope": "global"},
        {"local": "10.9.0.2", "prefixlen": 24, "scope": "link; x"},
        {"local": "fd00::3", "prefixlen": 64, "scope": "global", "deprecated": True},
        {"local": "fd00::2", "prefixlen": 64, "scope": "global"},
    )
    lines = lay_out(Capture(addresses=({"ifname": "ppp0", "addr_info": infos},))).lines
    assert [line.text for line in lines] == [
        "addr replace 10.8.0.2 peer 10.8.0.1/32 dev ppp0 scope global",
        "",
        "addr replace fd00::2/64 dev ppp0 nodad scope global",
        "addr replace fd00::3/64 dev ppp0 nodad scope global preferred_lft 0",
    ]
    assert {str(line.network) for line in lines if not line.text} == {"0.0.0.0/0"}, "without it nothing can be judged"


def test_routing_rules_are_kept_by_ip_version() -> None:
    assert {version: [line.text for line in lines] for version, lines in lay_out(CAPTURE).rules.items()} == {
        4: ["rule add priority 100 from 10.0.0.0/8 table 100"]
    }


def test_without_a_captured_network_one_way_out_is_made_up() -> None:
    layout = lay_out(Capture())
    assert (layout.links, layout.assumed) == (("eth0",), "eth0")
    assert {address.version for address, _ in layout.addresses} == {4, 6}
    assert lay_out(CAPTURE).assumed == ""


def test_the_host_addresses_are_known_with_their_links() -> None:
    assert (ip_address("192.0.2.2"), "ens3") in lay_out(CAPTURE).addresses


def test_a_link_and_a_route_to_who_sends_are_made_up_where_nothing_was_captured() -> None:
    found = lay_out(Capture(), (Behind(ip_address("172.17.0.2"), "docker0", assumed=True),))
    assert found.links == ("eth0", "docker0")
    assert found.lines[-1] == Line(text="route replace 172.17.0.2 dev docker0", network=ip_network("172.17.0.2"))
