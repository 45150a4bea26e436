"""Endpoints to sets, and which packets they let out."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimnetcheck.catalogue import load
from nimnetcheck.errors import InputError
from nimnetcheck.firewall.forward_proxy import Proxy
from nimnetcheck.firewall.policy import MAX_NETWORKS, Mode, Policy, build, permits
from nimnetcheck.model import Connector, Direction, Endpoint

if TYPE_CHECKING:
    from nimnetcheck.model import Address, Network

TEEM = ip_address("198.51.100.10")


def endpoint(name: str = "mine", **given: object) -> Endpoint:
    values = {"port": 443, "connects": (Connector.NIM,), "versions": "any", "purpose": "p", "source": "s", **given}
    return Endpoint(id=name, **values)  # type: ignore[arg-type]  # (the caller's)


def policy(profile: str, **given: object) -> Policy:
    return build(load().endpoints_for([profile]), profiles=(profile,), made_at="now", **given)  # type: ignore[arg-type]  # (the caller's)


def contents(made: Policy) -> dict[str, list[str]]:
    return {one.name: [str(network) for network in one.networks] for one in made.sets}


def test_published_prefixes_are_merged_and_names_have_sets_of_their_own() -> None:
    assert contents(policy("nim-2.21")) == {
        "nimnetcheck_net4_443": ["159.60.126.0/25"],
        "nimnetcheck_host4_443": [],
        "nimnetcheck_host6_443": [],
    }
    assert contents(policy("nim-2.22")) == {
        "nimnetcheck_net4_443": ["3.133.232.50/32", "3.135.72.139/32", "52.14.85.249/32", "159.60.126.0/25"],
        "nimnetcheck_net6_443": ["2600:1f16:19c8:d400::/62"],
    }


def test_a_name_without_addresses_is_said_and_its_sets_wait() -> None:
    made = policy("nim-2.21", addresses={"product.apis.f5.com": (TEEM,)})
    assert made.unresolved == ("product-s.apis.f5.com",)
    assert made.waiting == ("nimnetcheck_host4_443", "nimnetcheck_host6_443")
    assert contents(made)["nimnetcheck_host4_443"] == ["198.51.100.10/32"]


def test_sets_are_whole_once_every_name_is_known() -> None:
    known = dict.fromkeys(("product.apis.f5.com", "product-s.apis.f5.com"), (TEEM,))
    made = policy("nim-2.21", addresses=known)
    assert made.unresolved == made.waiting == ()


def test_an_address_beyond_the_published_ones_joins_the_names_set() -> None:
    addresses = (ip_address("3.135.72.139"), ip_address("203.0.113.9"))
    made = policy("nginx-plus", addresses={"product.connect.nginx.com": addresses})
    assert contents(made)["nimnetcheck_host4_443"] == ["203.0.113.9/32"]


def test_neighbouring_addresses_of_names_stay_two_single_ones() -> None:
    made = policy("nim-2.21", addresses={"product.apis.f5.com": (TEEM + 1, TEEM), "product-s.apis.f5.com": (TEEM,)})
    assert contents(made)["nimnetcheck_host4_443"] == ["198.51.100.10/32", "198.51.100.11/32"]


def test_every_port_has_its_sets() -> None:
    other = endpoint(port=8443, networks=(IPv4Network("192.0.2.0/24"), IPv6Network("2001:db8::/32")))
    made = build([*load().endpoints_for(["nim-2.22"]), other], made_at="now")
    assert contents(made)["nimnetcheck_net4_8443"] == ["192.0.2.0/24"]
    assert permits(made, "tcp", ip_address("192.0.2.1"), 8443)
    assert not permits(made, "tcp", ip_address("192.0.2.1"), 443)


def test_a_pattern_is_never_opened() -> None:
    made = policy("browser")
    assert (made.sets, made.opened, made.unresolved) == ((), (), ())
    assert [one.host for one in made.endpoints] == ["*.walkme.com"]


def test_the_proxy_is_opened_and_the_endpoints_are_not() -> None:
    made = policy("nim-2.21", via_proxy=Proxy(host="192.0.2.8", port=3128))
    assert contents(made) == {"nimnetcheck_net4_3128": ["192.0.2.8/32"]}
    assert (made.opened, made.unresolved) == ((), ())
    assert not permits(made, "tcp", ip_address("159.60.126.1"), 443)


def test_a_proxy_by_name_needs_an_address() -> None:
    proxy = Proxy(host="proxy.example", port=3128)
    with pytest.raises(InputError, match=r"--pin proxy\.example=ADDRESS"):
        policy("nim-2.22", via_proxy=proxy)
    made = policy("nim-2.22", via_proxy=proxy, addresses={"proxy.example": (TEEM,)})
    assert contents(made)["nimnetcheck_host4_3128"] == ["198.51.100.10/32"]


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(
    ("protocol", "address", "port", "where"),
    [
        ("tcp", "159.60.126.0", 443, set(Mode)),
        ("tcp", "159.60.126.127", 443, set(Mode)),
        ("tcp", "2600:1f16:19c8:d403:ffff:ffff:ffff:ffff", 443, set(Mode)),
        ("tcp", "159.60.126.128", 443, set()),
        ("tcp", "159.60.126.1", 80, set()),
        ("udp", "159.60.126.1", 443, set()),
        ("tcp", "2600:1f16:19c8:d404::1", 443, set()),
        ("udp", "192.0.2.53", 53, {Mode.LOCKDOWN}),
        ("tcp", "2001:db8::53", 53, {Mode.LOCKDOWN}),
        ("udp", "192.0.2.123", 123, {Mode.LOCKDOWN}),
        ("tcp", "192.0.2.123", 123, set()),
        ("tcp", "127.0.0.1", 9, {Mode.LOCKDOWN}),
        ("udp", "::1", 9, {Mode.LOCKDOWN}),
    ],
)
def test_which_packets_leave(mode: Mode, protocol: str, address: str, port: int, where: set[Mode]) -> None:
    assert permits(policy("nim-2.22", mode=mode), protocol, ip_address(address), port) is (mode in where)


def test_an_endpoint_that_asks_for_both_directions_gets_replies() -> None:
    assert policy("all").direction is Direction.OUT
    asking = endpoint(networks=(IPv4Network("192.0.2.0/24"),), direction=Direction.BOTH)
    assert build([asking], made_at="now").direction is Direction.BOTH


def test_more_than_a_set_holds_is_refused() -> None:
    many = tuple(IPv4Network((0x0A000000 + 2 * n, 32)) for n in range(MAX_NETWORKS + 1))
    with pytest.raises(InputError, match="at most 65536"):
        build([endpoint(networks=many)], made_at="now")


def networks(version: int) -> st.SearchStrategy[Network]:
    bits = 32 if version == 4 else 128
    start = st.integers(0, 2**bits - 1)
    make = IPv4Network if version == 4 else IPv6Network
    return st.builds(lambda n, p: make((n, p), strict=False), start, st.integers(1, bits))


@given(st.lists(st.one_of(networks(4), networks(6)), max_size=6), st.data())
def test_the_merged_sets_hold_exactly_the_prefixes(prefixes: list[Network], data: st.DataObject) -> None:
    made = build([endpoint(networks=tuple(prefixes), host="a.example")], made_at="now")
    edges = [a for n in prefixes for a in (n.network_address, n.broadcast_address, *_beside(n))]
    address: Address = data.draw(st.sampled_from([*edges, IPv4Address("192.0.2.1")]))
    assert permits(made, "tcp", address, 443) is any(address in network for network in prefixes)
    assert len({one.name for one in made.sets}) == len(made.sets)


def _beside(network: Network) -> list[Address]:
    made = type(network.network_address)
    first, last = int(network.network_address), int(network.broadcast_address)
    top = int(ip_network("0.0.0.0/0" if network.version == 4 else "::/0").broadcast_address)
    return [made(n) for n in (first - 1, last + 1) if 0 <= n <= top]
