"""Who this host asks for names, and what it knows without asking: /etc/resolv.conf and /etc/hosts."""

from __future__ import annotations

import re
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.catalogue import is_host_name

if TYPE_CHECKING:
    from nimnetcheck.model import Address

RESOLV_CONF = Path("/etc/resolv.conf")
HOSTS = Path("/etc/hosts")
DNS_PORT = 53
MAX_RESOLVERS = 3  # resolv.conf(5): the C library uses the first three
MAX_SUFFIXES = 6
MAX_NDOTS = 15  # resolv.conf(5): silently capped
MAX_FILE = 1 << 20


@attrs.frozen(kw_only=True)
class Search:
    """The suffixes of resolv.conf, which come first for a name with fewer than `ndots` dots."""

    suffixes: tuple[str, ...] = ()
    ndots: int = 1

    def comes_first(self, host: str) -> bool:
        """Whether a suffix is tried before the name itself, so that a wildcard there takes the name over."""
        return bool(self.suffixes) and host.count(".") < self.ndots


def configured(path: Path = RESOLV_CONF) -> tuple[tuple[Address, int], ...]:
    """The resolvers in the order in which the system asks them; none where the file is missing or names none."""
    found = []
    for line in _lines(path):
        words = line.split()
        address = _address(words[1]) if len(words) > 1 and words[0] == "nameserver" else None
        if address:
            found.append((address, DNS_PORT))
    return tuple(found[:MAX_RESOLVERS])


def search_list(path: Path = RESOLV_CONF) -> Search:
    """What programs of this host try beside a name as it stands; as in the C library, the last line counts."""
    suffixes: tuple[str, ...] = ()
    ndots = 1
    for line in _lines(path):
        keyword, *words = line.split() or [""]
        if keyword in ("search", "domain"):
            suffixes = tuple(word.rstrip(".").lower() for word in words if is_host_name(word.rstrip(".")))
        elif keyword == "options":
            ndots = next((int(word[6:]) for word in words if re.fullmatch(r"ndots:\d{1,2}", word)), ndots)
    return Search(suffixes=suffixes[:MAX_SUFFIXES], ndots=min(ndots, MAX_NDOTS))


def overrides(host: str, path: Path = HOSTS) -> tuple[Address, ...]:
    """The addresses that /etc/hosts gives to a name: the system uses them before it asks anybody."""
    found = []
    for line in _lines(path):
        words = line.partition("#")[0].split()
        address = _address(words[0]) if host.lower() in (word.lower() for word in words[1:]) else None
        if address:
            found.append(address)
    return tuple(found)


def _lines(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(MAX_FILE).splitlines()
    except OSError:
        return []


def _address(text: str) -> Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
