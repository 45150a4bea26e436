"""A host's own addresses and where its routes lead, out of what `ip -j` printed: pure."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nimnetcheck.model import Address, Network
    from nimnetcheck.twin.capture.value import Capture

LOOPBACK = "lo"
EVERYTHING = {4: "0.0.0.0/0", 6: "::/0"}
_NAME = re.compile(r"[A-Za-z0-9_.:@+-]{1,15}")


@attrs.frozen(kw_only=True)
class Own:
    """One of the host's own addresses, its link, and the network on that link: its peer's, where it has one.

    The kernel does not choose every address where it has a choice: none of too narrow a `scope` (IPv4), and a
    deprecated one (IPv6) only for want of others.
    """

    ip: Address
    link: str
    network: Network
    peer: Address | None = None
    scope: str = ""
    is_deprecated: bool = False


def own_addresses(capture: Capture) -> Iterator[Own]:
    """The host's own addresses, in the kernel's order: of those that are as good the first is chosen."""
    for link in capture.addresses:
        for info in link.get("addr_info", ()) if is_link(link.get("ifname")) else ():
            own = _own(info, str(link["ifname"]))
            if own:
                yield own


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


def _own(info: Mapping[str, Any], link: str) -> Own | None:
    """An address; None for what is none."""
    try:
        peer = ip_address(info["address"]) if "address" in info else None
        ip = ip_address(info["local"])
        return Own(
            ip=ip,
            link=link,
            network=ip_network(f"{peer or ip}/{int(info['prefixlen'])}", strict=False),
            peer=peer,
            scope=str(info.get("scope", "")),
            is_deprecated=bool(info.get("deprecated")),
        )
    except (KeyError, ValueError, TypeError):
        return None
