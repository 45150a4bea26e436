"""The flows that a profile needs, each with the endpoint that needs it: pure."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.probe import Options
from nimnetcheck.probe.target import MAX_ADDRESSES
from nimnetcheck.twin.flow import Flow, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nimnetcheck.model import Address, Endpoint, Network
    from nimnetcheck.probe import Proxy

ASKED, RESOLVER, PROXY = "asked for", "resolver", "proxy"
_DIRECT = Options()
FEW = 16  # of a longer published prefix, whose hosts are not known, the two ends stand for all


@attrs.frozen(kw_only=True)
class Wanted:
    """A flow, for whom it is, and whether that is required."""

    subject: str
    flow: Flow
    required: bool = True


@attrs.frozen(kw_only=True)
class Unknown:
    """An endpoint of which no address is known, and why."""

    subject: str
    because: str
    required: bool = True


def flows_of(
    endpoints: Iterable[Endpoint], addresses: Mapping[str, Sequence[Address]], options: Options = _DIRECT
) -> tuple[Wanted | Unknown, ...]:
    """What must leave for these endpoints, and to the proxy that leads to some; `addresses` are those of names."""
    every = tuple(endpoints)
    through = [endpoint for endpoint in every if options.proxy_for(endpoint)]
    direct = (found for endpoint in every if endpoint not in through for found in _of(endpoint, addresses))
    if not through or options.proxy is None:
        return tuple(direct)
    required = any(endpoint.required for endpoint in through)
    return (*_of_proxy(options.proxy, addresses, required=required), *direct)


def resolvers(servers: Iterable[tuple[Address, int]], *, required: bool = True) -> Iterator[Wanted]:
    """Names are asked for by UDP, and by TCP where an answer is long."""
    for address, port in servers:
        for protocol in (Protocol.UDP, Protocol.TCP):
            flow = Flow(protocol=protocol, address=address, port=port)
            yield Wanted(subject=RESOLVER, flow=flow, required=required)


def _of_proxy(
    proxy: Proxy, addresses: Mapping[str, Sequence[Address]], *, required: bool
) -> Iterator[Wanted | Unknown]:
    there = _literal(proxy.host) or tuple(addresses.get(proxy.host, ()))
    if not there:
        yield Unknown(subject=PROXY, because=_no_address(proxy.host, proxy.port), required=required)
    for address in there:
        yield Wanted(subject=PROXY, flow=Flow(address=address, port=proxy.port), required=required)


def _of(endpoint: Endpoint, addresses: Mapping[str, Sequence[Address]]) -> Iterator[Wanted | Unknown]:
    required = endpoint.required
    if endpoint.is_pattern:
        because = f"the names under {endpoint.host} cannot be listed"
        yield Unknown(subject=endpoint.id, because=because, required=False)
        return
    known = [address for network in endpoint.networks for address in _members(network, whole=endpoint.is_range)]
    known += addresses.get(endpoint.host or "", ())
    if not known:
        because = _no_address(endpoint.host or endpoint.id, endpoint.port)
        yield Unknown(subject=endpoint.id, because=because, required=required)
    for address in dict.fromkeys(known):
        yield Wanted(subject=endpoint.id, flow=Flow(address=address, port=endpoint.port), required=required)


def _members(network: Network, *, whole: bool) -> Iterator[Address]:
    if network.num_addresses <= (MAX_ADDRESSES if whole else FEW):
        yield from network
    else:
        yield from (network[0], network[-1])


def _literal(host: str) -> tuple[Address, ...]:
    try:
        return (ip_address(host),)
    except ValueError:
        return ()


def _no_address(host: str, port: int) -> str:
    return f"no address of {host} is known: --resolve {host}:{port}:ADDRESS gives one"
