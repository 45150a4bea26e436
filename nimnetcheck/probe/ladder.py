"""What to try for an endpoint, in which order, and when to stop: a pure plan, and a short loop that follows it."""

from __future__ import annotations

from importlib import import_module
from ipaddress import ip_address
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.model import Failure, Observation, Outcome, Rung, Target
from nimnetcheck.net import DeadlineError, fork, monotonic
from nimnetcheck.probe.attempt import Attempt
from nimnetcheck.probe.target import MAX_ADDRESSES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nimnetcheck.model import Address, Endpoint
    from nimnetcheck.net import Steps
    from nimnetcheck.probe.attempt import Options, Setup

RANGE: tuple[Rung, ...] = (Rung.TCP, Rung.TLS)
NAME: tuple[Rung, ...] = (Rung.DNS, Rung.TCP, Rung.TLS, Rung.HTTP, Rung.PATH)
PROXIED: tuple[Rung, ...] = (Rung.DNS, Rung.TCP, Rung.PROXY, Rung.TLS, Rung.HTTP, Rung.PATH)


@attrs.frozen(kw_only=True)
class Plan:
    """What is tried for one endpoint: the name to look up or the addresses, the port to dial, the rungs in order.

    `because` says why nothing is tried at all, where that is so.
    """

    endpoint: Endpoint
    rungs: tuple[Rung, ...]
    lookup: str | None = None
    addresses: tuple[Address, ...] = ()
    port: int = 443
    because: str = ""


def plan(endpoint: Endpoint, options: Options) -> Plan:
    """What to try; pure. Every address of a range is a target, and so is every address that a name leads to."""
    port = endpoint.port
    if endpoint.is_pattern:
        return Plan(endpoint=endpoint, rungs=NAME, because=f"the names under {endpoint.host} cannot be listed")
    if endpoint.is_range:
        networks = [network for network in endpoint.networks if network.version in options.versions]
        count = sum(network.num_addresses for network in networks)
        if not networks:
            return Plan(endpoint=endpoint, rungs=RANGE, because="it has no address of the IP version asked for")
        if count > MAX_ADDRESSES:
            return Plan(endpoint=endpoint, rungs=RANGE, because=f"{count} addresses are more than {MAX_ADDRESSES}")
        addresses = tuple(address for network in networks for address in network)
        return Plan(endpoint=endpoint, rungs=RANGE, addresses=addresses, port=port)
    host, rungs = endpoint.host, NAME
    proxy = options.proxy_for(endpoint)
    if proxy:
        host, port, rungs = proxy.host, proxy.port, PROXIED
    literal = _literal(host)
    if literal:
        return Plan(endpoint=endpoint, rungs=rungs[1:], addresses=(literal,), port=port)
    return Plan(endpoint=endpoint, rungs=rungs, lookup=host, port=port)


def follow(todo: Plan, setup: Setup, modules: Mapping[Rung, str]) -> Steps[tuple[Observation, ...]]:
    """Carry out a plan: the name first, then all its addresses at once, each as high as it gets."""
    if todo.because:
        return setup.told(_skipped(todo, todo.rungs, todo.because, setup))
    seen: tuple[Observation, ...] = ()
    addresses = todo.addresses
    if todo.lookup:
        lookup = import_module(modules[Rung.DNS]).lookup
        found = yield from fork(
            lookup(todo.endpoint, todo.lookup, todo.port, version, setup) for version in setup.options.versions
        )
        addresses = tuple(address for one in found for address in one.addresses)
        seen = setup.told(_settled(tuple(one.observation for one in found), found_any=bool(addresses)))
        if not addresses:
            return (*seen, *setup.told(_skipped(todo, todo.rungs[1:], _reason(seen), setup)))
    rungs = tuple(rung for rung in todo.rungs if rung is not Rung.DNS)
    climbs = yield from fork(_climb(todo, rungs, address, setup, modules) for address in addresses)
    return (*seen, *(observation for climb in climbs for observation in climb))


def _climb(
    todo: Plan, rungs: Sequence[Rung], address: Address, setup: Setup, modules: Mapping[Rung, str]
) -> Steps[tuple[Observation, ...]]:
    """One address, rung by rung, until one breaks; the connection is closed on every way out."""
    dial = setup.world.dial.get((address, todo.port))
    target = Target(address=address, port=todo.port, host=todo.endpoint.host, dial=dial)
    attempt = Attempt(endpoint=todo.endpoint, setup=setup, target=target)
    seen: list[Observation] = []
    try:
        for height, rung in enumerate(rungs, start=1):
            operation = attempt.begin(rung, f"{rung.upper()} {target}")
            try:
                observation: Observation = yield from import_module(modules[rung]).climb(attempt)
            except DeadlineError:
                observation = operation.failed(Failure.DEADLINE, "", {})
            seen += setup.told([observation])
            if observation.outcome is not Outcome.PASSED or attempt.ended:
                because = attempt.ended or _reason(seen[-1:])
                return (*seen, *setup.told(_skipped(todo, rungs[height:], because, setup, target)))
    finally:
        attempt.close()
    return tuple(seen)


def _settled(seen: tuple[Observation, ...], *, found_any: bool) -> tuple[Observation, ...]:
    """A name with addresses of one IP version only is no failure: most names have no AAAA record."""
    if not found_any:
        return seen
    return tuple(
        attrs.evolve(observation, outcome=Outcome.PASSED, failure=None)
        if observation.failure is Failure.DNS_NO_DATA
        else observation
        for observation in seen
    )


def _skipped(
    todo: Plan, rungs: Sequence[Rung], because: str, setup: Setup, target: Target | None = None
) -> Iterator[Observation]:
    for rung in rungs:
        yield Observation(
            subject=todo.endpoint.id,
            rung=rung,
            title=f"{rung.upper()} {target or todo.endpoint.host or todo.endpoint.id}",
            outcome=Outcome.SKIPPED,
            target=target,
            because=because,
            required=todo.endpoint.required,
            started_s=monotonic() - setup.started_s,
        )


def _reason(seen: Sequence[Observation]) -> str:
    failed = next((observation for observation in seen if observation.failure), None)
    return f"{failed.rung}: {str(failed.failure).replace('_', ' ')}" if failed else "no address was found"


def _literal(text: str | None) -> Address | None:
    try:
        return ip_address(text or "")
    except ValueError:
        return None
