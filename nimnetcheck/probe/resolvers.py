"""Who this host asks for names, and what it knows without asking: /etc/resolv.conf and /etc/hosts."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nimnetcheck.model import Address

RESOLV_CONF = Path("/etc/resolv.conf")
HOSTS = Path("/etc/hosts")
DNS_PORT = 53
MAX_RESOLVERS = 3  # resolv.conf(5): the C library uses the first three
MAX_FILE = 1 << 20


def configured(path: Path = RESOLV_CONF) -> tuple[tuple[Address, int], ...]:
    """The resolvers in the order in which the system asks them; none where the file is missing or names none."""
    found = []
    for line in _lines(path):
        words = line.split()
        address = _address(words[1]) if len(words) > 1 and words[0] == "nameserver" else None
        if address:
            found.append((address, DNS_PORT))
    return tuple(found[:MAX_RESOLVERS])


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
