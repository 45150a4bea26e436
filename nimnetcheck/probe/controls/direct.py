"""The way past a proxy out of whose tunnel no public certificate comes: is it the proxy that inspects, or another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from nimnetcheck.model import Failure, Rung, Target
from nimnetcheck.net import DeadlineError, fork
from nimnetcheck.probe.attempt import Attempt, Setup
from nimnetcheck.probe.controls.both_ways import Way, go
from nimnetcheck.probe.controls.handshakes import FOREIGN, wanted
from nimnetcheck.probe.controls.note import Control
from nimnetcheck.probe.dns import lookup

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nimnetcheck.model import Endpoint, Observation
    from nimnetcheck.net import Steps


def plan(endpoint: Endpoint, seen: Sequence[Observation], setup: Setup) -> Iterator[Steps[tuple[Observation, ...]]]:
    """One handshake without the proxy, for what came through it and no public authority vouches for."""
    shaken = [one for one in seen if one.rung is Rung.TLS and not one.evidence.get("public_issuer")]
    if setup.proxy_for(endpoint) and endpoint.host and any(wanted(one) == FOREIGN for one in shaken):
        yield _look(endpoint, endpoint.host, setup)


def _look(endpoint: Endpoint, host: str, setup: Setup) -> Steps[tuple[Observation, ...]]:
    """Verified by the public authorities, at the first address that this host's resolver gives."""
    past = Setup(world=setup.world, options=attrs.evolve(setup.options, proxy=None), started_s=setup.started_s)
    title = f"TLS {host}:{endpoint.port} past the proxy, with the public authorities alone"
    control = Control(endpoint=endpoint, rung=Rung.TLS, title=title, changed="direct", setup=past)
    try:
        found = yield from fork(
            lookup(endpoint, host, endpoint.port, version, past) for version in past.options.versions
        )
        address = next((address for one in found for address in one.addresses), None)
        if address is None:
            return (control.note({}, found[0].observation.failure or Failure.DNS_NO_DATA),)
        dial = past.world.dial.get((address, endpoint.port))
        target = Target(address=address, port=endpoint.port, host=host, dial=dial)
        tried = yield from go(Attempt(endpoint=endpoint, setup=past, target=target), Way(past.trust.public))
    except DeadlineError:
        return (control.note({}, Failure.DEADLINE),)
    return (control.note({"address": str(address), **tried.evidence}, tried.failure, tried.detail),)
