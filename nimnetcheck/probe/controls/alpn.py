"""HTTP/2, where HTTP/1.1 held: clients in Go take it where it is offered, and the probe does not ask for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.model import Rung
from nimnetcheck.probe import http, http2
from nimnetcheck.probe.attempt import Attempt
from nimnetcheck.probe.controls.both_ways import Tried, Way, ask, compare, proven
from nimnetcheck.probe.controls.note import Control

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nimnetcheck.model import Endpoint, Observation
    from nimnetcheck.net import Steps
    from nimnetcheck.probe.attempt import Setup
    from nimnetcheck.probe.tls_stream import TlsStream


def plan(endpoint: Endpoint, seen: Sequence[Observation], setup: Setup) -> Iterator[Steps[tuple[Observation, ...]]]:
    """One GET, at an address where all went well."""
    target = proven(seen)
    if target:
        title = f"GET {endpoint.path} at {target} over HTTP/2"
        control = Control(endpoint=endpoint, rung=Rung.HTTP, title=title, changed="alpn", setup=setup, target=target)
        attempt = Attempt(endpoint=endpoint, setup=setup, target=target)
        yield compare(control, attempt, Way(setup.trust.multiplexed, _get), Way(setup.trust.named, ask), held=True)


def _get(attempt: Attempt, stream: TlsStream, until: float) -> Steps[Tried]:
    """Any status is an answer; where HTTP/1.1 is agreed on there is nothing to ask that the probe did not."""
    if stream.tls.selected_alpn_protocol() != "h2":
        return Tried()
    status = yield from http2.get(stream, attempt.endpoint.path, http.authority(attempt), http.AGENT, until)
    return Tried(evidence={"status": status})
