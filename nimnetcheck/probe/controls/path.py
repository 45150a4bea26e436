"""The way to an address, looked at closer: what this host knows of it, and walks along it with one thing changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from nimnetcheck.model import Failure, Outcome, Rung
from nimnetcheck.net import fork
from nimnetcheck.probe.controls.note import Control
from nimnetcheck.probe.controls.walk import Said, evidence, walk
from nimnetcheck.probe.local import facts
from nimnetcheck.probe.resolvers import configured

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nimnetcheck.model import Address, Endpoint, Observation, Target
    from nimnetcheck.net import Steps
    from nimnetcheck.probe.attempt import Setup
    from nimnetcheck.probe.elsewhere import Elsewhere

OTHER_PORT: Mapping[int, int] = {80: 443}
USUAL_PORT = 80  # what most firewalls let out, if they let anything out
LOCAL = frozenset({Failure.NO_ROUTE, Failure.BLOCKED_LOCALLY})
ALONG = frozenset(
    {
        Failure.TCP_TIMEOUT,
        Failure.TCP_REFUSED,
        Failure.TCP_RESET,
        Failure.NET_UNREACHABLE,
        Failure.HOST_UNREACHABLE,
        Failure.PORT_UNREACHABLE,
        Failure.ADMIN_PROHIBITED,
    }
)
UNANSWERED = frozenset({Failure.DNS_TIMEOUT, *LOCAL})
ABOVE = frozenset(
    {
        Failure.TLS_TIMEOUT,
        Failure.TLS_RESET,
        Failure.TLS_CLOSED,
        Failure.TLS_NOT_TLS,
        Failure.TLS_UNTRUSTED,
        Failure.TLS_WRONG_HOST,
        Failure.HTTP_NOT_HTTP,
        Failure.HTTP_BLOCK_PAGE,
    }
)


@attrs.frozen
class Way:
    """Where a walk goes, and what is `changed` in it."""

    changed: str
    address: Address
    port: int


def plan(endpoint: Endpoint, seen: Sequence[Observation], setup: Setup) -> Iterator[Steps[tuple[Observation, ...]]]:
    """What to look at: for each way of failing and each IP version, the first address that failed so."""
    resolver = _unreached_resolver(seen)
    if resolver and not setup.world.resolvers:
        yield _look_at_resolver(endpoint, resolver, setup)
    for one in representatives(seen):
        # No way leads to an emulated vendor, nor to this host itself.
        if one.target and one.target.dial is None and not one.target.address.is_loopback:
            yield _look(endpoint, one.target, one.failure, setup)


def representatives(seen: Sequence[Observation]) -> tuple[Observation, ...]:
    """One address stands for all that failed alike: a range has too many to walk to; pure."""
    found: dict[tuple[Failure, int], Observation] = {}
    for one in seen:
        if one.outcome is Outcome.FAILED and one.failure and one.target and one.failure in LOCAL | ALONG | ABOVE:
            found.setdefault((one.failure, one.target.address.version), one)
    return tuple(found.values())


def _unreached_resolver(seen: Sequence[Observation]) -> Address | None:
    """The first resolver of this host, where no resolver answered."""
    if any(one.rung is Rung.DNS and one.failure in UNANSWERED for one in seen):
        return next((address for address, _ in configured()), None)
    return None


def _look_at_resolver(endpoint: Endpoint, resolver: Address, setup: Setup) -> Steps[tuple[Observation, ...]]:
    yield from ()
    begun = Control(
        endpoint=endpoint,
        rung=Rung.HOST,
        title=f"This host's way to its resolver {resolver}",
        changed="resolver way",
        setup=setup,
    )
    return (begun.note(facts(resolver)),)


def _look(endpoint: Endpoint, target: Target, failure: Failure | None, setup: Setup) -> Steps[tuple[Observation, ...]]:
    """This host's own knowledge, and, where packets leave it, the walks, all at once."""
    own = Control(
        endpoint=endpoint,
        rung=Rung.HOST,
        title=f"This host's way to {target}",
        changed="local",
        setup=setup,
        target=target,
    ).note(facts(target.address))
    if failure in LOCAL:
        return (own,)
    elsewhere = setup.options.elsewhere
    walks = yield from fork(_walk(endpoint, target, way, setup) for way in ways(target, elsewhere))
    if lost_together(walks):
        last = yield from fork(_walk(endpoint, target, way, setup) for way in last_ways(target, elsewhere))
        walks = (*walks, *last)
    return (own, *walks)


def ways(target: Target, elsewhere: Elsewhere) -> Iterator[Way]:
    """The walks, each with one thing changed: nothing but the hop limit, the port, or the host; pure."""
    yield Way("hops", target.address, target.port)
    yield Way("port", target.address, OTHER_PORT.get(target.port, USUAL_PORT))
    other = elsewhere.address(target.address.version)
    if other and target.address.is_global and other != target.address:
        yield Way("host", other, target.port)


def lost_together(walks: Sequence[Observation]) -> bool:
    """Whether all are lost at one place: nothing gets out, or these two ports do not; pure."""
    return len({(walk.evidence["ended"], walk.evidence["passed_on"]) for walk in walks}) == 1 and all(
        walk.evidence["ended"] == Said.SILENT for walk in walks
    )


def last_ways(target: Target, elsewhere: Elsewhere) -> Iterator[Way]:
    """Where nothing got by: somebody else at a port of their own, if anybody else is asked; pure."""
    port = elsewhere.port if elsewhere.port != target.port else OTHER_PORT.get(target.port, USUAL_PORT)
    for way in ways(target, elsewhere):
        if way.changed == "host":
            yield Way("host and port", way.address, port)


def _walk(endpoint: Endpoint, target: Target, way: Way, setup: Setup) -> Steps[Observation]:
    begun = Control(
        endpoint=endpoint,
        rung=Rung.PATH,
        title=f"Walk to {way.address} port {way.port}",
        changed=way.changed,
        setup=setup,
        target=target,
    )
    hops = yield from walk(way.address, way.port, begun.until_s)
    return begun.note({"address": str(way.address), **evidence(hops, way.port)})
