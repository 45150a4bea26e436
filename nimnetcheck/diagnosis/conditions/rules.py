"""Whether rules that were read lack the address that was not reached; pure."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from nimnetcheck.model import Failure, Rung

if TYPE_CHECKING:
    from nimnetcheck.diagnosis.context import Context
    from nimnetcheck.model import Address, Network, Observation


def lack_the_address(observation: Observation, context: Context) -> bool:
    """The rules that were read lack every address that this is about."""
    lacking = [
        network
        for seen in context.of_rung(Rung.HOST)
        if seen.failure is Failure.RULES_STALE
        for network in _networks(seen.evidence.get("lacks"))
    ]
    about = _addresses(observation) if lacking else []
    return bool(about) and all(any(one in network for network in lacking) for one in about)


def _addresses(observation: Observation) -> list[Address]:
    """Where a connection went, or which flows a copy of the firewall blocked (`tcp:[ADDRESS]:PORT`)."""
    if observation.target:
        return [observation.target.address]
    blocked = observation.evidence.get("blocked")
    texts = [str(flow).partition(":")[2].rpartition(":")[0].strip("[]") for flow in _list(blocked)]
    try:
        return [ip_address(text) for text in texts]
    except ValueError:
        return []


def _networks(value: object) -> list[Network]:
    try:
        return [ip_network(str(text)) for text in _list(value)]
    except ValueError:
        return []


def _list(value: object) -> list[object]:
    """A list of the evidence: a saved report may hold anything there."""
    return value if isinstance(value, list) else []
