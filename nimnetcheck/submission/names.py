"""Where a name leads in a World: pins first, then the hosts file and the resolvers; and where packets really go."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from nimnetcheck.model import Connector, Endpoint, Failure
from nimnetcheck.net import drive, fork, monotonic
from nimnetcheck.probe.attempt import Options, Setup
from nimnetcheck.probe.dns import lookup
from nimnetcheck.probe.resolvers import overrides
from nimnetcheck.submission.messages import Trouble

if TYPE_CHECKING:
    from nimnetcheck.model import Address, World

VERSIONS = (4, 6)
IPV6 = 6
HTTPS = 443


def host_and_port(url: str) -> tuple[str, int] | None:
    """Where an https URL leads, or None where it is none."""
    try:
        parts = urlsplit(url)
        port = parts.port or HTTPS
    except ValueError:
        return None
    return (parts.hostname, port) if parts.scheme == "https" and parts.hostname else None


def literal(address: Address, port: int) -> str:
    """An address and port as they stand in a URL."""
    return f"[{address}]:{port}" if address.version == IPV6 else f"{address}:{port}"


def resolve(world: World, host: str, port: int, *, timeout_s: float) -> tuple[tuple[Address, int], ...] | Trouble:
    """What to dial for a name and port, IPv4 first, or why it leads nowhere."""
    found = _known(world, host, port) or _ask(world, host, port, timeout_s)
    if isinstance(found, Trouble):
        return found
    return tuple(world.dial.get((address, port), (address, port)) for address in found)


def _known(world: World, host: str, port: int) -> tuple[Address, ...]:
    """An address is its own answer; where the host's own resolvers would be asked, its hosts file comes first."""
    try:
        return (ip_address(host),)
    except ValueError:
        return () if world.resolvers or (host, port) in world.pins else overrides(host)


def _ask(world: World, host: str, port: int, timeout_s: float) -> tuple[Address, ...] | Trouble:
    started_s = monotonic()
    endpoint = Endpoint(
        id=host, host=host, connects=(Connector.NIM,), versions="any", purpose="a name", source="a flow"
    )
    setup = Setup(world=world, options=Options(timeout_s=timeout_s))
    answers = drive(fork(lookup(endpoint, host, port, version, setup) for version in VERSIONS), 2 * timeout_s)
    found = tuple(address for answer in answers for address in answer.addresses)
    if found:
        return found
    seen = [answer.observation for answer in answers]
    failed = next((one for one in seen if one.failure), seen[0])
    detail = failed.detail or f"{host} has no address"
    return Trouble(failure=failed.failure or Failure.DNS_NO_DATA, detail=detail, elapsed_s=monotonic() - started_s)
