"""The DNS rung: one question about one name, asked of each resolver in turn until one of them answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import dns.rdatatype

from nimnetcheck.addresses import translated
from nimnetcheck.model import Failure, Observation, Outcome, Rung
from nimnetcheck.net import DeadlineError, Steps, monotonic
from nimnetcheck.probe.question import Answer, ask
from nimnetcheck.probe.resolvers import configured, overrides

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimnetcheck.model import Address, Endpoint
    from nimnetcheck.probe.attempt import Setup

TYPES: Mapping[int, dns.rdatatype.RdataType] = {4: dns.rdatatype.A, 6: dns.rdatatype.AAAA}
FINAL = frozenset({None, Failure.DNS_NXDOMAIN, Failure.DNS_NO_DATA})
"""Answers after which no other resolver is asked, as the system does not ask one either."""


@attrs.frozen(kw_only=True)
class Lookup:
    """The observation of one question, and the addresses that it led to."""

    observation: Observation
    addresses: tuple[Address, ...] = ()


def lookup(endpoint: Endpoint, host: str, port: int, version: int, setup: Setup) -> Steps[Lookup]:
    """Find the addresses of one IP version: the user's pins first, then the world's resolvers, else the host's."""
    since_s = monotonic()
    kind = TYPES[version].name
    found: dict[str, object] = {"name": host, "type": kind, "source": "pinned"}
    if host != endpoint.host:
        found["proxy"] = True
    pinned = setup.world.pins.get((host, port))
    try:
        if pinned is not None:
            answer = _pinned(pinned, version)
        else:
            found.update(_local_knowledge(host, version))
            answer = yield from _ask_all(host, version, setup)
    except DeadlineError:
        answer = Answer(failure=Failure.DEADLINE)
    found.update(answer.evidence)
    found["addresses"] = [str(address) for address in answer.addresses]
    if endpoint.networks and host == endpoint.host:
        found["unlisted"] = [
            str(address)
            for address in answer.addresses
            if not any(translated(address) in known for known in endpoint.networks)
        ]
    observation = Observation(
        subject=endpoint.id,
        rung=Rung.DNS,
        title=f"{kind} {host}",
        outcome=Outcome.FAILED if answer.failure else Outcome.PASSED,
        failure=answer.failure,
        detail=answer.detail,
        required=endpoint.required,
        started_s=since_s - setup.started_s,
        elapsed_s=monotonic() - since_s,
        evidence=found,
    )
    return Lookup(observation=observation, addresses=answer.addresses)


def _pinned(addresses: tuple[Address, ...], version: int) -> Answer:
    wanted = tuple(address for address in addresses if address.version == version)
    if wanted:
        return Answer(addresses=wanted)
    return Answer(failure=Failure.DNS_NO_DATA, detail=f"it is pinned to no IPv{version} address")


def _local_knowledge(host: str, version: int) -> dict[str, object]:
    local = [str(address) for address in overrides(host) if address.version == version]
    return {"source": "dns", **({"hosts_file": local} if local else {})}


def _ask_all(host: str, version: int, setup: Setup) -> Steps[Answer]:
    """Ask the resolvers in their order; the time that is left is shared among those still to be asked."""
    resolvers = setup.world.resolvers or configured()
    if not resolvers:
        return Answer(failure=Failure.DNS_NO_RESOLVER, detail="no nameserver in /etc/resolv.conf")
    until_s = monotonic() + setup.options.timeout_s
    attempts: list[dict[str, object]] = []
    first: Answer | None = None
    for left, (address, port) in zip(range(len(resolvers), 0, -1), resolvers):
        share_s = monotonic() + max(0.0, until_s - monotonic()) / left
        answer = yield from ask(host, TYPES[version], (address, port), share_s)
        attempts.append({"resolver": str(address), "outcome": str(answer.failure or "answered")})
        if answer.failure in FINAL:
            first = answer
            break
        if first is None or first.failure is Failure.DNS_TIMEOUT:
            first = answer  # silence says less than any answer
    tried = first or Answer(failure=Failure.UNKNOWN)
    return attrs.evolve(tried, evidence={**tried.evidence, "attempts": attempts})
