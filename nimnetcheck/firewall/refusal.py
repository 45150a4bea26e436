"""What can be no rule is refused, never repaired, wherever it came from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nimnetcheck.addresses import MAX_PORT
from nimnetcheck.catalogue import is_host_name
from nimnetcheck.errors import InputError

if TYPE_CHECKING:
    from nimnetcheck.model import Address, Endpoint

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")


def check_name(what: str, name: str) -> None:
    """Refuse a name that could be anything but a name in a rule file."""
    if not _NAME.fullmatch(name):
        raise InputError(f"{name!r} is not the name of a {what}: use a-z, 0-9, '-' and '.', at most 64")


def check_endpoint(endpoint: Endpoint) -> None:
    """Refuse what the catalogue would have refused: a policy may be built without it."""
    check_name("endpoint", endpoint.id)
    if endpoint.host is not None and not is_host_name(endpoint.host):
        raise InputError(f"{endpoint.id}: {endpoint.host!r} is not a host name")
    if not 0 < endpoint.port <= MAX_PORT:
        raise InputError(f"{endpoint.id}: {endpoint.port} is not a port")
    for network in endpoint.networks:
        if network.prefixlen == 0 or "%" in str(network):
            raise InputError(f"{endpoint.id}: {str(network)!r} cannot be opened")


def check_addresses(host: str, addresses: tuple[Address, ...]) -> None:
    """Refuse what no remote host has: a resolver that blocks a name answers so, and the rule would look open."""
    for address in addresses:
        odd = address.is_unspecified or address.is_loopback or address.is_multicast or address.is_link_local
        if odd or "%" in str(address) or getattr(address, "ipv4_mapped", None):
            raise InputError(f"{host} leads to {address}, which is no address of a remote host, and cannot be opened")
