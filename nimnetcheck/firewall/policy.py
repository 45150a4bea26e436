"""Endpoints to a policy: the address sets that may be reached, on which ports, in which mode. Pure.

Published prefixes ("net") and the addresses of names ("host") live in separate sets, so that renewing the one never
touches the other. A name itself is in no set: a kernel rule knows addresses only.
"""

from __future__ import annotations

from collections import defaultdict
from ipaddress import ip_network
from types import MappingProxyType
from typing import TYPE_CHECKING

import attrs

from nimnetcheck import __version__
from nimnetcheck.addresses import merge, parse_address
from nimnetcheck.catalogue import is_host_name
from nimnetcheck.errors import InputError
from nimnetcheck.firewall.refusal import check_addresses, check_endpoint, check_name
from nimnetcheck.model import Direction, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nimnetcheck.firewall.forward_proxy import Proxy
    from nimnetcheck.model import Address, Endpoint, Network

NET = "net"
HOST = "host"
MAX_NETWORKS = 65536  # ipset's default `maxelem`; a reload with another one is refused by the kernel
STANDING = (("udp", 53), ("tcp", 53), ("udp", 123))
NEIGHBOUR_DISCOVERY = (133, 135, 136)


class Mode(Text):
    """Where the rules stand, and so what they can achieve."""

    ALLOW = "allow"
    INSERT = "insert"
    LOCKDOWN = "lockdown"


@attrs.frozen(kw_only=True)
class AddressSet:
    """The addresses of one IP version that may be reached on one TCP port.

    `whole` says that every name behind it is known: only then may a load replace what the set holds already.
    """

    name: str
    version: int
    port: int
    kind: str
    networks: tuple[Network, ...]
    whole: bool


@attrs.frozen(kw_only=True)
class Policy:
    """What leaves this host, and everything that the text of a rule file says about it."""

    profiles: tuple[str, ...]
    mode: Mode
    direction: Direction
    into: str
    into_input: str
    sets: tuple[AddressSet, ...]
    via_proxy: Proxy | None
    endpoints: tuple[Endpoint, ...]
    resolved: Mapping[str, tuple[Address, ...]]
    unresolved: tuple[str, ...]
    made_at: str
    made_by: str = f"nimnetcheck {__version__}"

    @property
    def opened(self) -> tuple[Endpoint, ...]:
        """The endpoints that it is about; none where a proxy stands for them, never a name that cannot be listed."""
        return () if self.via_proxy else tuple(endpoint for endpoint in self.endpoints if not endpoint.is_pattern)

    @property
    def waiting(self) -> tuple[str, ...]:
        """The sets that wait for the addresses of a name."""
        return tuple(one.name for one in self.sets if not one.whole)


def build(  # noqa: PLR0913 (keyword-only: each is one decision of the caller)
    endpoints: Iterable[Endpoint],
    *,
    made_at: str,
    mode: Mode = Mode.ALLOW,
    direction: Direction = Direction.OUT,
    into: str = "",
    into_input: str = "",
    via_proxy: Proxy | None = None,
    addresses: Mapping[str, tuple[Address, ...]] = MappingProxyType({}),
    profiles: tuple[str, ...] = (),
) -> Policy:
    """The policy that opens these endpoints, or the proxy in their stead; raises InputError for a hostile value."""
    chosen = tuple(endpoints)
    for endpoint in chosen:
        check_endpoint(endpoint)
    for profile in profiles:
        check_name("profile", profile)
    for host, found in addresses.items():
        check_addresses(host, found)
    wanted = [_of_proxy(via_proxy, addresses)] if via_proxy else [_of(endpoint, addresses) for endpoint in chosen]
    unresolved = dict.fromkeys(w.host for w in wanted if w.host and not w.known and not w.published)
    both = Direction.BOTH in (direction, *(endpoint.direction for endpoint in chosen))
    return Policy(
        profiles=profiles,
        mode=mode,
        direction=Direction.BOTH if both else Direction.OUT,
        into=into,
        into_input=into_input,
        sets=_sets(wanted),
        via_proxy=via_proxy,
        endpoints=chosen,
        resolved=MappingProxyType({w.host: addresses[w.host] for w in wanted if w.host and addresses.get(w.host)}),
        unresolved=tuple(unresolved),
        made_at=made_at,
    )


def permits(policy: Policy, protocol: str, address: Address, port: int) -> bool:
    """Whether the policy's own rules let the first packet of a new flow out; `protocol` is "tcp" or "udp"."""
    if policy.mode is Mode.LOCKDOWN and (address.is_loopback or (protocol, port) in STANDING):
        return True
    if protocol != "tcp":
        return False
    near = (one for one in policy.sets if (one.version, one.port) == (address.version, port))
    return any(address in network for one in near for network in one.networks)


@attrs.frozen(kw_only=True)
class _Wanted:
    """One endpoint, or the proxy, as addresses; `known` are those of its name."""

    host: str | None
    port: int
    published: tuple[Network, ...]
    known: tuple[Network, ...]


def _of(endpoint: Endpoint, addresses: Mapping[str, tuple[Address, ...]]) -> _Wanted:
    if endpoint.is_pattern:
        return _Wanted(host=None, port=endpoint.port, published=(), known=())
    found = addresses.get(endpoint.host, ()) if endpoint.host else ()
    known = tuple(_alone(address) for address in found if not any(address in n for n in endpoint.networks))
    return _Wanted(host=endpoint.host, port=endpoint.port, published=endpoint.networks, known=known)


def _of_proxy(proxy: Proxy, addresses: Mapping[str, tuple[Address, ...]]) -> _Wanted:
    if not is_host_name(proxy.host):
        address = parse_address(proxy.host)
        check_addresses("the proxy", (address,))
        return _Wanted(host=None, port=proxy.port, published=(_alone(address),), known=())
    known = tuple(_alone(address) for address in addresses.get(proxy.host, ()))
    if not known:
        raise InputError(f"no address is known for the proxy {proxy.host}: add --pin {proxy.host}=ADDRESS")
    return _Wanted(host=proxy.host, port=proxy.port, published=(), known=known)


def _alone(address: Address) -> Network:
    return ip_network(str(address))


def _sets(wanted: list[_Wanted]) -> tuple[AddressSet, ...]:
    """Every set that is needed; both IP versions of a name's, because it may gain an address of the other one."""
    networks: defaultdict[tuple[int, int, str], list[Network]] = defaultdict(list)
    lacking: set[int] = set()
    for one in wanted:
        for network in one.published:
            networks[one.port, network.version, NET].append(network)
        if one.host and (one.known or not one.published):
            for version in (4, 6):
                networks[one.port, version, HOST] += [n for n in one.known if n.version == version]
            if not one.known:
                lacking.add(one.port)
    return tuple(
        _set(port, version, kind, networks[port, version, kind], whole=kind == NET or port not in lacking)
        for port, version, kind in sorted(networks, key=lambda key: (key[0], key[1], key[2] == HOST))
    )


def _set(port: int, version: int, kind: str, wanted: list[Network], *, whole: bool) -> AddressSet:
    # A name's set holds single addresses (they may time out one by one), so neighbours in it stay apart.
    networks = merge(wanted) if kind == NET else tuple(sorted(set(wanted), key=lambda one: int(one[0])))
    if len(networks) > MAX_NETWORKS:
        raise InputError(f"{len(networks)} prefixes on port {port}: a set holds at most {MAX_NETWORKS}")
    name = f"nimnetcheck_{kind}{version}_{port}"
    return AddressSet(name=name, version=version, port=port, kind=kind, networks=networks, whole=whole)
