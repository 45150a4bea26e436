"""A closer look where something failed or is suspicious: one thing is changed, and the pair tells causes apart.

Controls count in no verdict. What was changed stands in each one's evidence as `changed`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from nimnetcheck.net import drive, fork, monotonic
from nimnetcheck.probe.attempt import Options, Setup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nimnetcheck.model import Endpoint, Observation, World

CONTROLS: tuple[str, ...] = (
    "nimnetcheck.probe.controls.names",
    "nimnetcheck.probe.controls.handshakes",
    "nimnetcheck.probe.controls.proxies",
    "nimnetcheck.probe.controls.way",
    "nimnetcheck.probe.controls.generation",
)
"""The modules whose `plan(endpoint, seen, setup)` says what to look at again, as generators of observations."""


def look_closer(
    endpoints: Sequence[Endpoint], seen: Sequence[Observation], world: World, options: Options | None = None
) -> tuple[Observation, ...]:
    """What the controls saw; nothing where the probes saw nothing that needs one."""
    options = options or Options()
    spent_s = max((observation.started_s + observation.elapsed_s for observation in seen), default=0.0)
    setup = Setup(world=world, options=options, started_s=monotonic() - spent_s)
    looks = []
    for endpoint in endpoints:
        own = [one for one in seen if one.subject == endpoint.id and not one.control]
        for module in CONTROLS:
            looks += import_module(module).plan(endpoint, own, setup)
    found = drive(fork(looks), options.deadline_s, max_sockets=options.max_sockets)
    return tuple(observation for observations in found for observation in observations)
