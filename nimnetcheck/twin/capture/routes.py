"""A host's own addresses and where its routes lead, out of what `ip -j` printed: pure."""

from __future__ import annotations

import re
from ipaddress import ip_interface, ip_network
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from ipaddress import IPv4Interface, IPv6Interface

    from nimnetcheck.model import Network
    from nimnetcheck.twin.capture.value import Capture

LOOPBACK = "lo"
EVERYTHING = {4: "0.0.0.0/0", 6: "::/0"}
_NAME = re.compile(r"[A-Za-z0-9_.:@+-]{1,15}")


def own_addresses(capture: Capture) -> Iterator[tuple[IPv4Interface | IPv6Interface, str]]:
    """The host's own addresses with the networks that they are in, and their links."""
    for link in capture.addresses:
        for info in link.get("addr_info", ()) if is_link(link.get("ifname")) else ():
            interface = _interface(info)
            if interface:
                yield interface, str(link["ifname"])


def is_link(name: object) -> bool:
    """Whether it is the name of a link that leads anywhere."""
    return isinstance(name, str) and name != LOOPBACK and bool(_NAME.fullmatch(name)) and name not in {".", ".."}


def hops_of(route: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The ways of one route."""
    yield from route.get("nexthops") or (route,)


def destination(text: object, version: int) -> Network | None:
    """Where a route leads; None for what is no network of that IP version."""
    try:
        network = ip_network(EVERYTHING[version] if text == "default" else str(text), strict=False)
    except (ValueError, KeyError):
        return None
    return network if network.version == version else None


def _interface(info: Mapping[str, Any]) -> IPv4Interface | IPv6Interface | None:
    try:
        return ip_interface(f"{info['local']}/{int(info['prefixlen'])}")
    except (KeyError, ValueError, TypeError):
        return None
