"""What is made of a host's network: its links and addresses, and all lines for `ip -batch` in their order; pure."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.twin.capture.routes import EVERYTHING, hops_of, is_link, own_addresses
from nimnetcheck.twin.routing import Line, joined, route_lines, rule_lines
from nimnetcheck.twin.ruleset.mentions import interfaces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nimnetcheck.model import Address, Network
    from nimnetcheck.twin.behind import Behind
    from nimnetcheck.twin.capture.routes import Own
    from nimnetcheck.twin.capture.value import Capture

MAX_LINKS = 256
# Where nothing of the network was captured: addresses that nobody asks for (RFC 2544, RFC 3849).
_ASSUMED_ADDRESSES = ("198.19.255.2/30", "2001:db8:ffff:ffff::2/64")
_ASSUMED_GATEWAYS = ("0.0.0.0/0 via 198.19.255.1", "::/0 via 2001:db8:ffff:ffff::1")


@attrs.frozen(kw_only=True)
class Layout:
    """What is made: the links, the way out first, the host's own addresses with their links, and lines in order.

    `assumed` is the way out that was made up, where nothing was captured. Behind the links of `behind` are those who
    send, and not what is far away.
    """

    links: tuple[str, ...]
    behind: tuple[Behind, ...] = ()
    addresses: tuple[tuple[Address, str], ...]
    lines: tuple[Line, ...]
    rules: Mapping[int, tuple[Line, ...]]
    assumed: str = ""


def lay_out(capture: Capture, behind: Sequence[Behind] = ()) -> Layout:
    """The network of a capture; one way out is made up where it has none."""
    mentioned = interfaces(capture)
    if not capture.knows_network:
        return _assume(mentioned.way_out, mentioned.names, behind)
    own = tuple(own_addresses(capture))
    routes = [(version, route) for version, found in capture.routes.items() for route in found]
    ways = [(route, str(hop["dev"])) for _, route in routes for hop in hops_of(route) if "dev" in hop]
    used = {one.link for one in own} | {link for _, link in ways}
    out = [link for route, link in ways if route.get("dst") == "default" and route.get("table", "main") == "main"]
    inner = [one.link for one in behind]
    every = dict.fromkeys([*out, *inner, *sorted(used), *mentioned.names])
    names = [name for name in every if is_link(name)][:MAX_LINKS]
    return Layout(
        links=tuple(names),
        behind=tuple(behind),
        addresses=tuple((one.ip, one.link) for one in own),
        lines=(*_address_lines(own), *route_lines(routes, names)),
        rules={version: tuple(rule_lines(found)) for version, found in capture.rules.items()},
    )


def _assume(way_out: str, mentioned: Iterable[str], behind: Sequence[Behind]) -> Layout:
    inner = [one.link for one in behind]
    names = tuple(dict.fromkeys((way_out, *inner, *(name for name in mentioned if is_link(name)))))[:MAX_LINKS]
    own = [text.partition("/")[0] for text in _ASSUMED_ADDRESSES]
    return Layout(
        links=names,
        behind=tuple(behind),
        addresses=tuple((ip_address(text), way_out) for text in own),
        lines=(
            *(Line(text=_address_line(text, way_out), network=_of_family(text)) for text in _ASSUMED_ADDRESSES),
            *(Line(text=f"route replace {text} dev {way_out}", network=_of_family(text)) for text in _ASSUMED_GATEWAYS),
            *(
                Line(text=f"route replace {one.address} dev {one.link}", network=ip_network(one.address))
                for one in behind
            ),
        ),
        rules={},
        assumed=way_out,
    )


def _address_lines(own: Sequence[Own]) -> Iterator[Line]:
    """The host's addresses; the kernel puts a new one of IPv4 last, and one of IPv6 first."""
    by_age = (
        *(one for one in own if one.ip.version == 4),  # noqa: PLR2004 (IP version)
        *(one for one in reversed(own) if one.ip.version == 6),  # noqa: PLR2004 (likewise)
    )
    for one in by_age:
        peer = f" peer {one.peer}" if one.peer else ""
        words = _address_line(f"{one.ip}{peer}/{one.network.prefixlen}", one.link).split(" ")
        words += ["scope", one.scope] if one.scope else []
        words += ["preferred_lft", "0"] if one.is_deprecated else []
        yield Line(text=joined(words), network=_everything(one.ip.version))


def _everything(version: int) -> Network:
    """Where everything of one family leads: without the host's address nothing of it can be judged."""
    return ip_network(EVERYTHING[version])


def _of_family(text: str) -> Network:
    return _everything(6 if ":" in text else 4)


def _address_line(of: str, link: str) -> str:
    return f"addr replace {of} dev {link}" + (" nodad" if ":" in of else "")
