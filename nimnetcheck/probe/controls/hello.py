"""A ClientHello of another length: one with a key of ML-KEM takes two segments, and not everything reads the second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.failures import HELLO_LOST
from nimnetcheck.model import Rung
from nimnetcheck.probe.attempt import Attempt
from nimnetcheck.probe.controls.both_ways import Way, compare, proven
from nimnetcheck.probe.controls.note import Control

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nimnetcheck.model import Endpoint, Observation
    from nimnetcheck.net import Steps
    from nimnetcheck.probe.attempt import Setup

SEGMENT = 1400  # octets: what is longer takes two segments, and behind a tunnel as well


def plan(endpoint: Endpoint, seen: Sequence[Observation], setup: Setup) -> Iterator[Steps[tuple[Observation, ...]]]:
    """A long one at an address where the probe's own was short and all went well, a short one where it was the long."""
    shaken = chosen(seen)
    if shaken is None or shaken.target is None:
        return
    held, trust = shaken.failure is None, setup.trust
    control = Control(
        endpoint=endpoint,
        rung=Rung.TLS,
        title=f"TLS {shaken.target} with a {'long' if held else 'short'} ClientHello",
        changed="hello",
        setup=setup,
        target=shaken.target,
    )
    attempt = Attempt(endpoint=endpoint, setup=setup, target=shaken.target)
    yield compare(control, attempt, Way(trust.large if held else trust.small), Way(trust.blind), held=held)


def chosen(seen: Sequence[Observation]) -> Observation | None:
    """The handshake to make again, if any; pure."""
    good = proven(seen)
    for one in seen:
        octets = one.evidence.get("hello_octets")
        if one.rung is not Rung.TLS or not isinstance(octets, int) or one.target is None or not one.target.host:
            continue
        if one.failure in HELLO_LOST if octets > SEGMENT else one.target == good:
            return one
    return None
