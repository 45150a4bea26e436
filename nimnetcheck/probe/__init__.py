"""Is each endpoint reachable, layer by layer, and where does it stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from nimnetcheck.model import Connector, Endpoint, Rung
from nimnetcheck.net import drive, fork
from nimnetcheck.probe.attempt import Options, Proxy, Setup

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nimnetcheck.model import Address, Observation, World
    from nimnetcheck.net import Steps

__all__ = ["RUNGS", "Options", "Proxy", "resolve", "run"]

RUNGS: Mapping[Rung, str] = {
    Rung.DNS: "nimnetcheck.probe.dns",
    Rung.TCP: "nimnetcheck.probe.tcp",
    Rung.PROXY: "nimnetcheck.probe.proxy",
    Rung.TLS: "nimnetcheck.probe.tls",
    Rung.HTTP: "nimnetcheck.probe.http",
    Rung.PATH: "nimnetcheck.probe.path",
}
"""The module of each rung, imported when the first probe climbs to it: ssl is loaded while SYNs are on their way."""


def run(
    endpoints: Sequence[Endpoint],
    world: World,
    options: Options | None = None,
    tell: Callable[[Observation], None] | None = None,
) -> tuple[Observation, ...]:
    """Probe all endpoints at once, within the deadline; one attempt to one address is one observation.

    `tell` hears of each as soon as it is made, in that order; it must not wait.
    """
    from nimnetcheck.probe.ladder import follow, plan  # noqa: PLC0415 (only a run needs it)

    options = options or Options()
    setup = Setup(world=world, options=options, tell=tell)
    climbs = fork(follow(plan(endpoint, options), setup, RUNGS) for endpoint in endpoints)
    seen = drive(climbs, options.deadline_s, max_sockets=options.max_sockets)
    return tuple(observation for climb in seen for observation in climb)


def resolve(hosts: Iterable[str], world: World, options: Options | None = None) -> Mapping[str, tuple[Address, ...]]:
    """The addresses of each name, IPv4 before IPv6; none for a name that does not resolve."""
    from nimnetcheck.probe.dns import lookup  # noqa: PLC0415 (dnspython, which `run` may not need)

    options = options or Options()
    setup = Setup(world=world, options=options)
    names = tuple(dict.fromkeys(hosts))

    def both(host: str) -> Steps[tuple[Address, ...]]:
        port = next((pinned for name, pinned in world.pins if name == host), HTTPS)
        found = yield from fork(lookup(_asked(host), host, port, version, setup) for version in options.versions)
        return tuple(address for one in found for address in one.addresses)

    return dict(zip(names, drive(fork(both(host) for host in names), options.deadline_s)))


HTTPS = 443


def _asked(host: str) -> Endpoint:
    return Endpoint(id=host, host=host, connects=(Connector.NIM,), versions="any", purpose="a name", source="a command")
