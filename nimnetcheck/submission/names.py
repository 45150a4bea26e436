"""Where a name leads in a World: pins first, then its resolvers; and where the packets really go."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from nimnetcheck.model import Failure
from nimnetcheck.submission.messages import Trouble

if TYPE_CHECKING:
    from nimnetcheck.model import Address, World


def resolve(world: World, host: str, port: int, *, timeout_s: float) -> tuple[tuple[Address, int], ...] | Trouble:
    """What to dial for a name and port, IPv4 first, or why it leads nowhere."""
    found = _literal(host) or world.pins.get((host, port), ())
    if not found:
        return Trouble(failure=Failure.DNS_NO_RESOLVER, detail=f"{host}: {timeout_s}")
    return tuple(world.dial.get((address, port), (address, port)) for address in found)


def _literal(host: str) -> tuple[Address, ...]:
    try:
        return (ip_address(host),)
    except ValueError:
        return ()
