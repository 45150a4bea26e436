"""Somebody else, whom a failure is compared with: is it the vendor, or everything? Pure."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.addresses import parse_address
from nimnetcheck.errors import InputError
from nimnetcheck.probe.target import HTTPS, split

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimnetcheck.model import Address

DOMAIN = 53


@attrs.frozen(kw_only=True)
class Elsewhere:
    """Its addresses, one for an IP version at most, and a port that it is likely to be reached at.

    `tunnel` is HOST:PORT that a forward proxy is asked for; without it, and without an address, nobody is asked.
    """

    addresses: tuple[Address, ...] = ()
    port: int = DOMAIN
    tunnel: str = ""

    def address(self, version: int) -> Address | None:
        """Its address of an IP version, where it has one."""
        return next((address for address in self.addresses if address.version == version), None)


ROOT_SERVER = Elsewhere(
    addresses=(ip_address("198.41.0.4"), ip_address("2001:503:ba3e::2:30")), tunnel=f"www.example.com:{HTTPS}"
)
"""A server of the root, whose addresses do not change, and a name that is there for examples (RFC 2606)."""
NAMED: Mapping[str, Elsewhere] = {"a.root-servers.net": ROOT_SERVER, "none": Elsewhere()}


def parse(text: str) -> Elsewhere:
    """What `--control` means: one of the words, or ADDRESS[:PORT]; raises InputError."""
    if text in NAMED:
        return NAMED[text]
    try:
        place, port = split(text)
        address = parse_address(place)
    except InputError as error:
        forms = "write ADDRESS[:PORT], like 192.0.2.7 or [2001:db8::7]:53, or none"
        raise InputError(f"--control {text!r}: {error}; {forms}") from error
    tunnel = f"[{address}]:{HTTPS}" if ":" in place else f"{address}:{HTTPS}"
    return Elsewhere(addresses=(address,), port=port or DOMAIN, tunnel=tunnel)
