"""Text to addresses and networks, strictly, and networks to the fewest that cover the same addresses."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address, ip_network
from typing import TYPE_CHECKING

from nimnetcheck.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nimnetcheck.model import Address, Network

MAX_PORT = 65535
SPECIAL: Mapping[str, tuple[Network, ...]] = {
    name: tuple(ip_network(text) for text in texts)
    for name, texts in {
        "unspecified": ("0.0.0.0/8", "::/128"),
        "loopback": ("127.0.0.0/8", "::1/128"),
        "private": ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),
        "shared": ("100.64.0.0/10",),
        "link-local": ("169.254.0.0/16", "fe80::/10"),
        "discard": ("100::/64",),
    }.items()
}
"""Addresses that no public name leads to, as IANA calls them (RFC 6890); answers of sinkholes are among them."""


NAT64 = ip_network("64:ff9b::/96")
"""IPv6 addresses that stand for IPv4 ones, whose bits they end in (RFC 6052)."""


def translated(address: Address) -> Address:
    """The IPv4 address that one of NAT64 stands for; any other is itself."""
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in NAT64 else address


def special(address: Address) -> str | None:
    """What kind of address no public name leads to, if it is one."""
    return next((name for name, networks in SPECIAL.items() if any(address in network for network in networks)), None)


def parse_address(text: str) -> Address:
    """Read one IPv4 or IPv6 address in its standard form.

    Raises: InputError for anything else, the shortened IPv4 forms of inet_aton (`127.1`) and IPv6 zones included.
    """
    try:
        return ip_address(_without_zone(text))
    except ValueError as error:
        raise InputError(f"{text!r} is not an IP address") from error


def parse_listen(text: str) -> tuple[str, int]:
    """`ADDR:PORT` to listen on, an IPv6 address in brackets; port 0 is any that is free. Raises InputError."""
    host, _, port = text.rpartition(":")
    if not port.isascii() or not port.isdigit() or int(port) > MAX_PORT:
        raise InputError(f"--listen {text!r}: write ADDR:PORT, like 127.0.0.1:8443 or [::1]:8443")
    return str(parse_address(host.strip("[]"))), int(port)


def parse_network(text: str) -> Network:
    """Read one CIDR; an address alone is its own /32 or /128.

    Raises: InputError when it is malformed, has bits set behind its prefix (`159.60.126.1/25` is a typing error, and
    widening it silently would open more than was meant), or covers every address (ipset's `hash:net` cannot hold /0).
    """
    try:
        network = ip_network(_without_zone(text))
    except ValueError as error:
        raise InputError(f"{text!r} is not a CIDR: {_why_not(text)}") from error
    if network.prefixlen == 0:
        raise InputError(f"{text!r} covers every address; name the ones that are needed")
    return network


def merge(networks: Iterable[Network]) -> tuple[Network, ...]:
    """The fewest networks that cover exactly the same addresses, IPv4 first, in order of address."""
    import netaddr  # noqa: PLC0415 (13 ms, which few runs need)

    return tuple(ip_network(str(cidr)) for cidr in netaddr.cidr_merge([str(network) for network in networks]))


def _without_zone(text: str) -> str:
    """The text, if no zone of IPv6 is in it: that is a link of one host. Raises ValueError."""
    if "%" in text:
        raise ValueError(text)
    return text


def _why_not(text: str) -> str:
    try:
        loose = ip_network(text, strict=False)
    except ValueError:
        return "write it like 159.60.126.0/25 or 2001:db8::/32"
    return f"bits are set behind the prefix; did you mean {loose}?"
