"""A host's routes and routing rules as lines for `ip -batch`, out of what `ip -j` printed: pure.

What is not understood is not written as something else: it cannot be made, and that is known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import attrs

from nimnetcheck.twin.capture.routes import destination, hops_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nimnetcheck.model import Network

# The kernel's own, or of no concern to a connection.
_UNMADE = frozenset({"local", "broadcast", "multicast", "anycast"})
_BARE = frozenset({"blackhole", "unreachable", "prohibit", "throw"})
# Which routes the kernel has to choose between: those of another metric, say, are no others of the same.
_SAME = ("dst", "from", "tos", "metric", "table")
_PREFERENCES = ("low", "medium", "high")
_WORD = re.compile(r"[A-Za-z0-9_.:@+/-]{1,50}")


@attrs.frozen(kw_only=True)
class Line:
    """One line for `ip`; `network` is where packets lead that need it; no text where it cannot be made.

    `what` names it where it leads nowhere.
    """

    text: str
    network: Network | None = None
    what: str = ""


def route_lines(routes: Iterable[tuple[int, Mapping[str, Any]]], links: Iterable[str]) -> list[Line]:
    """Routes, each with its IP version: a gateway must be reachable before one can lead there."""
    lines = (line for version, route in _taken(routes) for line in _route(route, version, links))
    return sorted(lines, key=lambda line: " via " in line.text)


def _taken(routes: Iterable[tuple[int, Mapping[str, Any]]]) -> Iterable[tuple[int, Mapping[str, Any]]]:
    """Of several routes to the same the kernel takes the first, in IPv6 the first of those with the highest preference.

    They may stand side by side on a host, but not be made so: one would replace or join the other.
    """
    found: dict[tuple[str, ...], tuple[int, Mapping[str, Any]]] = {}
    for version, route in routes:
        if "dead" not in route.get("flags", ()):
            same = (str(version), *(str(route.get(key)) for key in _SAME))
            known = found.setdefault(same, (version, route))
            if _preference(route) > _preference(known[1]):
                found[same] = (version, route)
    return found.values()


def _preference(route: Mapping[str, Any]) -> int:
    told = route.get("pref")
    return _PREFERENCES.index(told if told in _PREFERENCES else "medium")


def _route(route: Mapping[str, Any], version: int, links: Iterable[str]) -> Iterator[Line]:
    """A route, unless the kernel makes it by itself from an address; without text where it cannot be written."""
    kind, table = str(route.get("type", "unicast")), str(route.get("table", "main"))
    if kind in _UNMADE or table == "local":
        return
    if route.get("protocol") == "kernel" and table == "main" and "gateway" not in route:
        return
    if any("encap" in hop for hop in hops_of(route)):
        # A tunnel without a link: JSON then has two destinations, and the one that is read is the tunnel's.
        yield Line(text="", network=destination("default", version))
        return
    to = destination(route.get("dst"), version)
    if to is None:
        return
    words = ["route", "replace", *([kind] if kind in _BARE else []), str(to), *_options(route, _SAME[1:])]
    if kind not in _BARE:
        hops = [_hop(hop) for hop in hops_of(route) if str(hop.get("dev")) in links]
        words += _options(route, ("prefsrc",))
        words += hops[0] if hops and "nexthops" not in route else [w for hop in hops for w in ("nexthop", *hop)]
    yield Line(text=joined(words), network=to)


def _hop(hop: Mapping[str, Any]) -> list[str]:
    via = hop.get("via")
    to = ["via", str(via.get("family")), str(via.get("host"))] if isinstance(via, dict) else _options(hop, ("gateway",))
    words = [*to, "dev", str(hop["dev"]), *_options(hop, ("weight",))]
    return [*words, *(["onlink"] if "onlink" in hop.get("flags", ()) else [])]


def joined(words: Iterable[str]) -> str:
    """The words as a line; nothing at all where one of them is no word that `ip` prints."""
    text = list(words)
    return " ".join(text) if all(_WORD.fullmatch(word) for word in text) else ""


_KEYS = {"gateway": "via", "prefsrc": "src", "suppress_prefixlen": "suppress_prefixlength"}


def _options(entry: Mapping[str, Any], keys: Iterable[str]) -> list[str]:
    """Those keys that are there, as `ip` writes them."""
    return [word for key in keys if key in entry for word in (_KEYS.get(key, key), str(entry[key]))]


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


def rule_lines(rules: Iterable[Mapping[str, Any]]) -> Iterator[Line]:
    """Each routing rule but those that every kernel begins with."""
    for rule in rules:
        at = rule.get("priority")
        if {key: rule[key] for key in rule if key != "protocol"} in _OWN_RULES:
            continue
        odd = next((key for key in rule if key not in _RULE_KEYS), "")
        what = f"of priority {at!a:.20}" + (f" with {odd!a:.40}" if odd else "")
        yield Line(text="" if odd else joined(_rule(rule)), what=what)


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
