"""A host's links, addresses, routes and routing rules as lines for `ip -batch`: pure."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

import attrs

from nimnetcheck.twin.capture.routes import EVERYTHING, destination, hops_of, is_link, own_addresses
from nimnetcheck.twin.ruleset.mentions import interfaces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nimnetcheck.model import Address, Network
    from nimnetcheck.twin.behind import Behind
    from nimnetcheck.twin.capture.value import Capture

MAX_LINKS = 256
# Where nothing of the network was captured: addresses that nobody asks for (RFC 2544, RFC 3849).
_ASSUMED_ADDRESSES = ("198.19.255.2/30", "2001:db8:ffff:ffff::2/64")
_ASSUMED_GATEWAYS = ("0.0.0.0/0 via 198.19.255.1", "::/0 via 2001:db8:ffff:ffff::1")
_UNMADE = frozenset(
    {"local", "broadcast", "multicast", "anycast"}
)  # the kernel's own, or of no concern to a connection
_BARE = frozenset({"blackhole", "unreachable", "prohibit", "throw"})
_WORD = re.compile(r"[A-Za-z0-9_.:@+/-]{1,50}")


@attrs.frozen(kw_only=True)
class Line:
    """One line for `ip`; `network` is where packets lead that need it; no text where it cannot be made.

    `what` names it where it leads nowhere.
    """

    text: str
    network: Network | None = None
    what: str = ""


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
    used = {name for _, name in own} | {link for _, link in ways}
    out = [link for route, link in ways if route.get("dst") == "default" and route.get("table", "main") == "main"]
    inner = [one.link for one in behind]
    every = dict.fromkeys([*out, *inner, *sorted(used), *mentioned.names])
    names = [name for name in every if is_link(name)][:MAX_LINKS]
    made = [Line(text=_address_line(one, name), network=_everything(one.version)) for one, name in own]
    lines = sorted((line for version, route in routes for line in _route(route, version, names)), key=_goes_by_gateway)
    return Layout(
        links=tuple(names),
        behind=tuple(behind),
        addresses=tuple((one.ip, name) for one, name in own),
        lines=(*made, *lines),
        rules={version: tuple(_rules(found)) for version, found in capture.rules.items()},
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


def _everything(version: int) -> Network:
    """Where everything of one family leads: without the host's address nothing of it can be judged."""
    return ip_network(EVERYTHING[version])


def _of_family(text: str) -> Network:
    return _everything(6 if ":" in text else 4)


def _address_line(of: object, name: str) -> str:
    return f"addr replace {of} dev {name}" + (" nodad" if ":" in str(of) else "")


def _route(route: Mapping[str, Any], version: int, links: Iterable[str]) -> Iterator[Line]:
    """A route, unless the kernel makes it by itself from an address; without text where it cannot be written."""
    kind, table = str(route.get("type", "unicast")), str(route.get("table", "main"))
    if kind in _UNMADE or table == "local" or "dead" in route.get("flags", ()):
        return
    if route.get("protocol") == "kernel" and table == "main" and "gateway" not in route:
        return
    to = destination(route.get("dst"), version)
    if to is None:
        return
    words = ["route", "replace", *([kind] if kind in _BARE else []), str(to), *_options(route, ("metric", "table"))]
    if kind not in _BARE:
        hops = [_hop(hop) for hop in hops_of(route) if str(hop.get("dev")) in links]
        words += _options(route, ("prefsrc",))
        words += hops[0] if hops and "nexthops" not in route else [w for hop in hops for w in ("nexthop", *hop)]
    yield Line(text=_joined(words), network=to)


def _hop(hop: Mapping[str, Any]) -> list[str]:
    via = hop.get("via")
    to = ["via", str(via.get("family")), str(via.get("host"))] if isinstance(via, dict) else _options(hop, ("gateway",))
    words = [*to, "dev", str(hop["dev"]), *_options(hop, ("weight",))]
    return [*words, *(["onlink"] if "onlink" in hop.get("flags", ()) else [])]


def _joined(words: Iterable[str]) -> str:
    """The words as a line; nothing at all where one of them is no word that `ip` prints."""
    text = list(words)
    return " ".join(text) if all(_WORD.fullmatch(word) for word in text) else ""


_KEYS = {"gateway": "via", "prefsrc": "src", "suppress_prefixlen": "suppress_prefixlength"}


def _options(entry: Mapping[str, Any], keys: Iterable[str]) -> list[str]:
    """Those keys that are there, as `ip` writes them."""
    return [word for key in keys if key in entry for word in (_KEYS.get(key, key), str(entry[key]))]


def _goes_by_gateway(line: Line) -> bool:
    """A gateway must be reachable before a route can lead there."""
    return " via " in line.text


_OWN_RULES = [  # the kernel's
    {"priority": at, "src": "all", "table": table} for at, table in ((0, "local"), (32766, "main"), (32767, "default"))
]
_PORTS = ("sport", "dport")
_PLAIN = ("iif", "oif", "ipproto", *_PORTS, "tos", "table", "goto", "suppress_prefixlen", "suppress_ifgroup")
_BARE_WORDS = ("l3mdev", "nop")
_RULE_KEYS = frozenset(
    {"not", "priority", "src", "srclen", "dst", "dstlen", "fwmark", "fwmask", "uid_start", "uid_end", "action"}
    | {*_PLAIN, *_BARE_WORDS, *(f"{port}_{end}" for port in _PORTS for end in ("start", "end"))}
    | {"protocol", "iif_detached", "oif_detached"}  # which change nothing
)


def _rules(rules: Iterable[Mapping[str, Any]]) -> Iterator[Line]:
    """Each but those that every kernel begins with; what is not understood is not written as another rule."""
    for rule in rules:
        at = rule.get("priority")
        if {key: rule[key] for key in rule if key != "protocol"} in _OWN_RULES:
            continue
        odd = next((key for key in rule if key not in _RULE_KEYS), "")
        what = f"of priority {at!a:.20}" + (f" with {odd!a:.40}" if odd else "")
        yield Line(text="" if odd else _joined(_rule(rule)), what=what)


def _rule(rule: Mapping[str, Any]) -> Iterator[str]:
    yield from ("rule", "add", *(["not"] if "not" in rule else []), *_options(rule, ("priority",)))
    for key, length, word in (("src", "srclen", "from"), ("dst", "dstlen", "to")):
        if key in rule:
            yield from (word, f"{rule[key]}/{rule[length]}" if length in rule else str(rule[key]))
    if "fwmark" in rule:
        yield from ("fwmark", f"{rule['fwmark']}/{rule['fwmask']}" if "fwmask" in rule else str(rule["fwmark"]))
    if "uid_start" in rule:
        yield from ("uidrange", f"{rule['uid_start']}-{rule.get('uid_end', rule['uid_start'])}")
    for port in _PORTS:
        if f"{port}_start" in rule:
            yield from (port, f"{rule[f'{port}_start']}-{rule.get(f'{port}_end')}")
    yield from _options(rule, _PLAIN)
    yield from (word for word in _BARE_WORDS if word in rule)
    if "table" not in rule and "action" in rule:
        yield str(rule["action"])
