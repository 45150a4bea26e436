"""A SYN that gets no answer, with fewer TCP options: only root can look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.model import Failure, Rung
from nimnetcheck.net import DeadlineError, fork, monotonic
from nimnetcheck.net.syn import OPTIONS, knock
from nimnetcheck.probe.controls.note import Control

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nimnetcheck.model import Endpoint, Observation, Target
    from nimnetcheck.net import Steps
    from nimnetcheck.probe.attempt import Setup

ALL = tuple(OPTIONS)
PATIENCE_S = 2.5  # for three of each: chance hardly takes the same three
# All of them first: where only so many SYNs are let through, it is those that get by.
MANNERS: Mapping[str, tuple[str, ...]] = {
    "all": ALL,
    **{f"without {name}": tuple(other for other in ALL if other != name) for name in ALL if name != "mss"},
    "mss alone": ("mss",),
}


def plan(endpoint: Endpoint, seen: Sequence[Observation], setup: Setup) -> Iterator[Steps[tuple[Observation, ...]]]:
    """For each IP version the first address that said nothing; no way leads to an emulated vendor."""
    found: dict[int, Target] = {}
    for one in seen:
        if one.failure is Failure.TCP_TIMEOUT and one.target and one.target.dial is None:
            found.setdefault(one.target.address.version, one.target)
    for target in found.values():
        if not target.address.is_loopback:
            yield _look(endpoint, target, setup)


def _look(endpoint: Endpoint, target: Target, setup: Setup) -> Steps[tuple[Observation, ...]]:
    begun = Control(
        endpoint=endpoint,
        rung=Rung.TCP,
        title=f"SYN to {target}, with fewer options",
        changed="options",
        setup=setup,
        target=target,
    )
    until_s = monotonic() + PATIENCE_S
    try:
        said = yield from fork(knock(target.address, target.port, options, until_s) for options in MANNERS.values())
    except (OSError, DeadlineError):
        return ()  # not root, or no time: nothing is known
    return (begun.note({"answers": dict(zip(MANNERS, said))}),)
