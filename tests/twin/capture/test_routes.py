"""What `ip -j` printed of addresses and routes; what is no name, address or network is left out."""

from __future__ import annotations

import pytest

from nimnetcheck.twin.capture.routes import destination, hops_of, is_link, own_addresses
from nimnetcheck.twin.capture.value import Capture


def test_addresses_come_with_their_networks_and_links() -> None:
    broken = (
        {"local": "192.0.2.300", "prefixlen": 24},
        {"local": "192.0.2.3"},
        {"local": "192.0.2.4", "prefixlen": "x"},
    )
    links = (
        {"ifname": "lo", "addr_info": [{"local": "127.0.0.1", "prefixlen": 8}]},
        {"ifname": "eth0", "addr_info": [{"local": "192.0.2.2", "prefixlen": 24}, *broken]},
        {"addr_info": [{"local": "192.0.2.5", "prefixlen": 24}]},
    )
    found = [(str(one.ip), str(one.network), one.link) for one in own_addresses(Capture(addresses=links))]
    assert found == [("192.0.2.2", "192.0.2.0/24", "eth0")]


def test_the_network_of_an_address_with_a_peer_is_the_peers() -> None:
    infos = ({"local": "10.8.0.2", "address": "10.9.0.1", "prefixlen": 24}, {"local": "fd00::2", "prefixlen": 64})
    found = tuple(own_addresses(Capture(addresses=({"ifname": "ppp0", "addr_info": infos},))))
    assert [(str(one.peer), str(one.network)) for one in found] == [("10.9.0.1", "10.9.0.0/24"), ("None", "fd00::/64")]


@pytest.mark.parametrize(
    ("name", "good"), [("eth0", True), ("bond0.120", True), ("lo", False), ("..", False), ("a b", False), (None, False)]
)
def test_links_lead_somewhere_and_have_a_name(name: object, *, good: bool) -> None:
    assert is_link(name) is good


@pytest.mark.parametrize(
    ("text", "version", "found"),
    [
        ("default", 4, "0.0.0.0/0"),
        ("default", 6, "::/0"),
        ("192.0.2.1", 4, "192.0.2.1/32"),
        ("192.0.2.1", 6, "None"),
        ("x", 4, "None"),
        (None, 4, "None"),
    ],
)
def test_a_destination_is_a_network_of_its_ip_version(text: object, version: int, found: str) -> None:
    assert str(destination(text, version)) == found


def test_a_route_has_one_way_or_several() -> None:
    assert list(hops_of({"dev": "a"})) == [{"dev": "a"}]
    assert list(hops_of({"nexthops": [{"dev": "a"}, {"dev": "b"}]})) == [{"dev": "a"}, {"dev": "b"}]
