"""Interfaces and addresses that a ruleset names, so that they are there when it is loaded: pure."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.model import Address
    from nimnetcheck.twin.capture.value import Capture

WAY_OUT = "eth0"
_NFT = re.compile(r'\b(iif|oif|iifname|oifname|device|devices)\s+(?:[!=]=\s*|=\s*)?(\{[^{}]*\}|"[^"]*"|[\w.:@+-]+)')
_IPTABLES = re.compile(r"\s(-[io])\s+(\S+)")
_ZONED = re.compile(r'<interface name="([\w.:@-]+)"')
_NAMES = re.compile(r"[\w.:@+-]+")
_WILD = ("*", "+")
_OUT = frozenset({"oif", "oifname", "-o"})
# Links that a host makes for itself and that lead to no vendor.
_INNER = re.compile(r"lo$|docker|br-|virbr|cni|cali|flannel|veth|tun|tap|wg|dummy|kube|lxc|podman|ifb")
_BRIDGED = re.compile(r"^table bridge \S+|-m physdev|\b(?:meta )?[io]brname\b|\bibrpvid\b", re.MULTILINE)
_TRANSLATED = re.compile(r"(?:--to-source|\bsnat\s+(?:ip6?\s+)?to)\s+\[?([0-9a-fA-F.:]+)")


@attrs.frozen(kw_only=True)
class Mentions:
    """The interfaces by name, and the one that most likely leads out."""

    names: tuple[str, ...]
    way_out: str


def interfaces(capture: Capture) -> Mentions:
    """The interfaces that any rule names, patterns left out."""
    found = list(_named(capture))
    names = tuple(dict.fromkeys(name for _, name in found))
    outer = dict.fromkeys(name for word, name in found if word in _OUT and not _INNER.match(name))
    outer = outer or dict.fromkeys(name for name in names if not _INNER.match(name))
    return Mentions(names=names, way_out=next(iter(outer), WAY_OUT) if len(outer) == 1 else WAY_OUT)


def translated_sources(capture: Capture) -> tuple[Address, ...]:
    """The addresses that packets leave with after source translation: the far side must answer to them."""
    texts = [source.text for source in (capture.nft, *(save.source for save in capture.saves)) if source]
    found = (_address(match[1].rstrip(":")) for text in texts for match in _TRANSLATED.finditer(text))
    return tuple(dict.fromkeys(address for address in found if address))


def bridged(capture: Capture) -> str:
    """Which rule asks about the bridge that a packet came in by, where a twin has a plain link; empty without one."""
    texts = [source.text for source in (capture.nft, *(save.source for save in capture.saves)) if source]
    found = next((match[0].strip() for text in texts for match in _BRIDGED.finditer(text)), "")
    return found and f"a bridge's own rules decide too, and a twin has no bridge: {found}"


def _address(text: str) -> Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _named(capture: Capture) -> Iterator[tuple[str, str]]:
    for match in _NFT.finditer(capture.nft.text if capture.nft else ""):
        for quoted in match[2].strip("{} ").split(","):
            name = quoted.strip().strip('"')
            if name and not name.endswith(_WILD) and _NAMES.fullmatch(name):
                yield match[1], name
    for save in capture.saves:
        for match in _IPTABLES.finditer(save.source.text):
            if not match[2].endswith(_WILD):
                yield match[1], match[2]
    for file in capture.firewalld:
        yield from (("interface", match[1]) for match in _ZONED.finditer(file.text))
