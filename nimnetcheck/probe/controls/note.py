"""How a control is told: as an observation that counts in no verdict and says what was changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from nimnetcheck.model import Observation, Outcome
from nimnetcheck.net import monotonic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimnetcheck.model import Endpoint, Failure, Rung, Target
    from nimnetcheck.probe.attempt import Setup


@attrs.frozen(kw_only=True)
class Control:
    """One control while it runs: whose it is, where, since when, and what is `changed` in it."""

    endpoint: Endpoint
    rung: Rung
    title: str
    changed: str
    setup: Setup
    target: Target | None = None
    since_s: float = attrs.field(factory=monotonic)

    @property
    def until_s(self) -> float:
        """When it is late."""
        return self.since_s + self.setup.options.timeout_s

    def note(self, evidence: Mapping[str, object], failure: Failure | None = None, detail: str = "") -> Observation:
        """What it saw."""
        return Observation(
            subject=self.endpoint.id,
            rung=self.rung,
            title=self.title,
            outcome=Outcome.FAILED if failure else Outcome.PASSED,
            target=self.target,
            failure=failure,
            detail=detail,
            required=False,
            control=True,
            started_s=self.since_s - self.setup.started_s,
            elapsed_s=monotonic() - self.since_s,
            evidence={"changed": self.changed, **evidence},
        )
