"""The other generation's endpoint, where that of one is closed: an allow-list that was right before an upgrade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from nimnetcheck.catalogue import load
from nimnetcheck.model import Outcome, Rung

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nimnetcheck.model import Endpoint, Observation
    from nimnetcheck.net import Steps
    from nimnetcheck.probe.attempt import Setup

OTHER = {"usage": "teem", "teem": "usage"}


def plan(endpoint: Endpoint, seen: Sequence[Observation], setup: Setup) -> Iterator[Steps[tuple[Observation, ...]]]:
    """Climb to the other one, where nothing of this one was reached; only of the vendor's own two."""
    catalogue = load()
    known = catalogue.endpoint(endpoint.id)
    if known is None or known.host != endpoint.host:
        return
    reached = any(one.rung in (Rung.TLS, Rung.HTTP) and one.outcome is Outcome.PASSED for one in seen)
    other = catalogue.endpoint(OTHER.get(endpoint.id, ""))
    if other and not reached and any(one.failure for one in seen):
        yield _climb(endpoint, other, setup)


def _climb(endpoint: Endpoint, other: Endpoint, setup: Setup) -> Steps[tuple[Observation, ...]]:
    from nimnetcheck.probe import RUNGS, ladder  # noqa: PLC0415 (the probe's own package, which is complete by then)

    found = yield from ladder.follow(ladder.plan(other, setup.options), attrs.evolve(setup, tell=None), RUNGS)
    return tuple(
        attrs.evolve(
            one,
            subject=endpoint.id,
            title=f"{other.id}: {one.title}",
            required=False,
            control=True,
            evidence={"changed": "generation", **one.evidence},
        )
        for one in found
    )
