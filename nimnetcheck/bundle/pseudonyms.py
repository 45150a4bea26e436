"""Names that stand for others, the same one each time, made with a key that only one bundle has: pure.

An address becomes an address, and what shared its first bits shares them still, so that a ruleset with pseudonyms lets
out what it let out before: Xu et al., "Prefix-preserving IP address anonymization" (ICNP 2002), with two changes. The
first bits of the address classes (private, loopback, multicast …) stay, so that a reader sees which class it is. The
vendor's documented networks stay whole, and so does the order inside a range that a rule writes with its two ends.
"""

from __future__ import annotations

import hashlib
import hmac
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from nimnetcheck.addresses import SPECIAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nimnetcheck.model import Address, Network

TOKEN_DIGITS = 8
BITS = {4: 32, 6: 128}
# Where the first bits say what an address is for; the rest of it is the site's.
CLASSES = (
    *(network for networks in SPECIAL.values() for network in networks),
    *map(ip_network, ("2000::/3", "64:ff9b::/96", "::ffff:0:0/96")),
)
# Addresses that belong to no site: examples, multicast, netmasks.
NOBODYS = tuple(
    map(
        ip_network,
        (
            *("0.0.0.0/8", "127.0.0.0/8", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"),
            *("::/127", "2001:db8::/32", "ff00::/8"),
        ),
    )
)


class Pseudonyms:
    """The pseudonyms of one bundle; `given` collects what each stands for."""

    def __init__(self, key: bytes, *, keep: Iterable[Network] = ()) -> None:
        self._key = key
        self._whole = _by_version([*NOBODYS, *keep])
        self._classes = _by_version([*CLASSES, *NOBODYS, *keep])
        self._ordered: dict[int, list[tuple[int, int]]] = {4: [], 6: []}
        self._flips: dict[tuple[int, int, int], int] = {}
        self.given: dict[str, str] = {}

    def keep_order(self, first: Address, last: Address) -> None:
        """Let the addresses of a range keep their order; to be said before any address is asked for."""
        width = BITS[first.version]
        shared = width - (int(first) ^ int(last)).bit_length()
        self._ordered[first.version].append((int(first) >> (width - shared), shared))

    def address(self, address: Address) -> Address:
        """The address that stands for this one."""
        version, value = address.version, int(address)
        width, mapped = BITS[address.version], 0
        for depth in range(width):
            prefix = value >> (width - depth)
            bit = value >> (width - depth - 1) & 1
            mapped = mapped << 1 | (bit ^ self._flip(version, prefix, depth))
        found = ip_address(mapped) if version == 4 else ip_address(mapped.to_bytes(16, "big"))  # noqa: PLR2004 (IP version)
        if found != address:
            self.given[str(found)] = str(address)
        return found

    def token(self, kind: str, text: str) -> str:
        """A word that stands for this text: the kind of thing it is, and digits that are the same each time."""
        token = f"{kind}-{self._digest(f'{kind} {text}').hex()[:TOKEN_DIGITS]}"
        self.given[token] = text
        return token

    def host_name(self, name: str) -> str:
        """A host name that stands for this one; it leads nowhere (RFC 2606)."""
        token = f"{self.token('host', name.lower())}.invalid"
        self.given[token] = name
        return token

    def mac(self, address: str) -> str:
        """A locally administered hardware address that stands for this one."""
        digits = self._digest(f"mac {address.lower()}")[:5]
        found = "02:" + ":".join(f"{octet:02x}" for octet in digits)
        self.given[found] = address
        return found

    def _flip(self, version: int, prefix: int, depth: int) -> int:
        """Whether the bit behind this prefix is turned over."""
        place = (version, prefix, depth)
        if place not in self._flips:
            fixed = (
                _leads_to(self._classes[version], prefix, depth)
                or _lies_in(self._whole[version], prefix, depth)
                or _lies_in(self._ordered[version], prefix, depth)
            )
            self._flips[place] = 0 if fixed else self._digest(f"{version} {depth} {prefix:x}")[0] & 1
        return self._flips[place]

    def _digest(self, text: str) -> bytes:
        return hmac.new(self._key, text.encode(), hashlib.sha256).digest()


def _by_version(networks: Iterable[Network]) -> Mapping[int, list[tuple[int, int]]]:
    """Networks as prefix and length."""
    found: dict[int, list[tuple[int, int]]] = {4: [], 6: []}
    for network in networks:
        shift = BITS[network.version] - network.prefixlen
        found[network.version].append((int(network.network_address) >> shift, network.prefixlen))
    return found


def _leads_to(networks: Iterable[tuple[int, int]], prefix: int, depth: int) -> bool:
    """Whether one of the networks lies behind this prefix, so that its next bit must stay."""
    return any(length > depth and start >> (length - depth) == prefix for start, length in networks)


def _lies_in(networks: Iterable[tuple[int, int]], prefix: int, depth: int) -> bool:
    """Whether this prefix lies inside one of the networks."""
    return any(depth >= length and prefix >> (depth - length) == start for start, length in networks)
