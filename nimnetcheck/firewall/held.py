"""What the sets hold that rule files of nimnetcheck make: in such a file, or as the firewall's own tools list it; pure.

Only published networks count (`net`): the sets of names (`host`) are filled and emptied while they are in force.
"""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network, summarize_address_range
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nimnetcheck.model import Network

NAME = r"(?<![A-Za-z0-9])nimnetcheck_(?:net|new)(?P<version>[46])_(?P<port>\d{1,5})\b"
FORMS = (
    # nftables, as a file fills a set, and as `nft list` prints one.
    re.compile(NAME + r" \{(?P<held>[^{}]*)\}"),
    re.compile(NAME + r" \{[^{}]*elements = \{(?P<held>[^{}]*)\}"),
    # ipset, as a file and `ipset save` have it, a line for each.
    re.compile(r"^add " + NAME + r" (?P<held>\S+)", re.MULTILINE),
    # firewalld, as a file writes a set.
    re.compile(NAME + r"\(\) \{(?P<held>.*?)</ipset>", re.DOTALL),
)
WORDS = re.compile(r"[0-9a-fA-F.:/-]{2,}")
MADE = re.compile(r"^# Made: (?P<when>[ -~]{1,80})$", re.MULTILINE)


def held(text: str) -> Mapping[tuple[int, int], tuple[Network, ...]]:
    """By IP version and port, the networks that are let through; no key where there is no such set."""
    found: dict[tuple[int, int], list[Network]] = {}
    for form in FORMS:
        for match in form.finditer(text):
            networks = found.setdefault((int(match["version"]), int(match["port"])), [])
            networks += [one for one in _networks(match["held"]) if one.version == int(match["version"])]
    return {key: tuple(networks) for key, networks in found.items()}


def made(text: str) -> str:
    """When a rule file says that it was made; empty where it does not."""
    match = MADE.search(text)
    return match["when"] if match else ""


def lets(networks: tuple[Network, ...], wanted: Network) -> bool:
    """Whether these networks let every address of another one through."""
    alike: Any = [one for one in networks if one.version == wanted.version]
    return any(wanted.subnet_of(one) for one in alike)


def _networks(text: str) -> Iterator[Network]:
    """The prefixes and ranges in a text; other words (`timeout`, `counter`) are none."""
    for word in WORDS.findall(text):
        first, dash, last = word.partition("-")
        try:
            if dash:
                yield from summarize_address_range(ip_address(first), ip_address(last))
            else:
                yield ip_network(first, strict=False)
        except (ValueError, TypeError):
            continue
