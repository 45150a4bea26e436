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
    "nimnetcheck.probe.controls.port53",
    "nimnetcheck.probe.controls.handshakes",
    "nimnetcheck.probe.controls.proxies",
    "nimnetcheck.probe.controls.direct",
    "nimnetcheck.probe.controls.way",
    "nimnetcheck.probe.controls.generation",
    "nimnetcheck.probe.controls.path",
    "nimnetcheck.probe.controls.again",
    "nimnetcheck.probe.controls.syn_options",
    "nimnetcheck.probe.controls.size",
    "nimnetcheck.probe.controls.amount",
    "nimnetcheck.probe.controls.users",
    "nimnetcheck.probe.controls.hello",
    "nimnetcheck.probe.controls.alpn",
    "nimnetcheck.probe.controls.user_agent",
    "nimnetcheck.probe.controls.idle",
)
"""The modules whose `plan(endpoint, seen, setup)` says what to look at again, as generators of observations."""


LEAST_S = 3.0  # what a closer look may take where the probes have used up the time


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
    left_s = max(LEAST_S, options.deadline_s - spent_s) + options.idle_s  # a silence that is asked for is not cut
    found = drive(fork(looks), left_s, max_sockets=options.max_sockets) if looks else ()
    return tuple(observation for observations in found for observation in observations)
