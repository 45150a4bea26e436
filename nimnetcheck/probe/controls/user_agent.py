"""The same request by another name: filters judge by User-Agent, and a product has its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from nimnetcheck.model import Connector, Failure, Rung
from nimnetcheck.probe import http
from nimnetcheck.probe.attempt import Attempt
from nimnetcheck.probe.block_pages import FORBIDDEN, refuses
from nimnetcheck.probe.controls.both_ways import Tried, Way, ask, compare, proven
from nimnetcheck.probe.controls.note import Control

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nimnetcheck.model import Endpoint, Observation
    from nimnetcheck.net import Steps
    from nimnetcheck.probe.attempt import Setup
    from nimnetcheck.probe.controls.both_ways import Use
    from nimnetcheck.probe.tls_stream import TlsStream

# NIM is written in Go, whose clients say this unless they are told otherwise; F5's script for an upload runs curl. What
# NGINX Plus says is not published.
AGENTS: Mapping[Connector, str] = {Connector.NIM: "Go-http-client/1.1", Connector.UPLOAD_HOST: "curl/8.5.0"}


def plan(endpoint: Endpoint, seen: Sequence[Observation], setup: Setup) -> Iterator[Steps[tuple[Observation, ...]]]:
    """One GET for each product that asks this endpoint: where the probe's was answered, else where it was refused."""
    asked = chosen(seen)
    if asked is None or asked.target is None:
        return
    usual, held = Way(setup.trust.named, _asking(http.AGENT)), not refuses(asked)
    for agent in (AGENTS[connector] for connector in endpoint.connects if connector in AGENTS):
        control = Control(
            endpoint=endpoint,
            rung=Rung.HTTP,
            title=f"GET {endpoint.path} at {asked.target} as {agent}",
            changed="user-agent",
            setup=setup,
            target=asked.target,
        )
        attempt = Attempt(endpoint=endpoint, setup=setup, target=asked.target)
        yield compare(control, attempt, Way(setup.trust.named, _asking(agent)), usual, held=held)


def chosen(seen: Sequence[Observation]) -> Observation | None:
    """The request to make again, if any; pure."""
    asked = [one for one in seen if one.rung is Rung.HTTP and one.target and one.target.host]
    good = next((one for one in asked if one.target == proven(seen) and not refuses(one)), None)
    return good or next((one for one in asked if refuses(one)), None)


def _asking(agent: str) -> Use:
    """The probe's GET in this name; what filters refuse with is a failure here, though an origin may refuse so too."""

    def use(attempt: Attempt, stream: TlsStream, until: float) -> Steps[Tried]:
        found = yield from ask(attempt, stream, until, agent)
        refused = found.failure is None and found.evidence["status"] in FORBIDDEN
        told = attrs.evolve(found, evidence={"user_agent": agent, **found.evidence})
        return attrs.evolve(told, failure=Failure.HTTP_STATUS) if refused else told

    return use
