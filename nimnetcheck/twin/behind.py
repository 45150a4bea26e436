"""Who sends from behind one of the host's interfaces: a container, a pod, a virtual machine. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.errors import InputError
from nimnetcheck.twin.capture.routes import destination, hops_of, is_link, own_addresses
from nimnetcheck.twin.ruleset.mentions import interfaces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.model import Address, Network
    from nimnetcheck.twin.capture.value import Capture

    Leads = tuple[Network, str, str]  # a network, the link that leads there, the gateway on the way

USUAL = "docker0"
# What a host calls the links of its containers, pods and virtual machines.
_INNER = re.compile(r"docker|br-|virbr|vnet|cni|cali|lxc|lxdbr|podman|veth|kube-bridge|weave|nerdctl")
_NETWORK = re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:]+)/\d{1,3}(?![\w.:])")
_WORD = re.compile(r"[\w.:@+-]+")


@attrs.frozen
class Behind:
    """An address, and the link that it is behind; `assumed` where nothing of the network was captured."""

    address: Address
    link: str
    assumed: bool = False


def find(capture: Capture, address: Address) -> Behind:
    """Where an address is, as the host's routes have it; raises InputError where it is behind no link of its own."""
    if not capture.knows_network:
        return Behind(address, _assumed(capture, address), assumed=True)
    if address in {own.ip for own in own_addresses(capture)}:
        raise InputError(f"{address} is this host's own: what the host itself sends is judged without --from")
    leads = [lead for lead in _leads(capture, address.version) if address in lead[0]]
    if not leads:
        raise InputError(f"{address} is behind no interface of this host: no route leads there")
    _, link, gateway = max(leads, key=lambda lead: lead[0].prefixlen)
    if gateway or link in {out for found, out, _ in leads if not found.prefixlen}:
        raise InputError(f"{address} is behind no interface of this host: {link}, which leads there, leads out as well")
    return Behind(address, link)


def _leads(capture: Capture, version: int) -> Iterator[Leads]:
    """The networks on the host's links, and its main routes."""
    yield from ((own.network, own.link, "") for own in own_addresses(capture) if own.ip.version == version)
    for route in capture.routes.get(version, ()):
        to = destination(route.get("dst"), version)
        if to and str(route.get("table", "main")) == "main" and route.get("type", "unicast") == "unicast":
            hops = (hop for hop in hops_of(route) if is_link(hop.get("dev")))
            yield from ((to, hop["dev"], str(hop.get("gateway") or hop.get("via") or "")) for hop in hops)


def _assumed(capture: Capture, address: Address) -> str:
    """The link that the rules name beside a network that holds the address, else the only one that could be it."""
    named = [name for name in interfaces(capture).names if _INNER.match(name) and is_link(name)]
    texts = [source.text for source in (capture.nft, *(save.source for save in capture.saves)) if source]
    lines = (line for text in texts for line in text.split("\n") if _holds(line, address))
    beside = dict.fromkeys(name for line in lines for name in _WORD.findall(line) if name in named)
    found = list(beside) or named or [USUAL]
    if len(found) > 1:
        raise InputError(f"{address} could be behind any of {', '.join(found)}: a capture of the host holds its routes")
    return found[0]


def _holds(line: str, address: Address) -> bool:
    networks = (destination(text, address.version) for text in _NETWORK.findall(line))
    return any(network and address in network for network in networks)
