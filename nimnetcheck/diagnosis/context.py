"""What a condition may ask beside the one observation: what else was seen of its target, subject and run; pure."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.model import Outcome, Rung

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimnetcheck.model import Observation, Target

LOGS = "logs"  # what nimnetcheck/logs calls what it sees
ON_THE_WAY = (Rung.DNS, Rung.TCP, Rung.PATH, Rung.PROXY, Rung.TLS, Rung.HTTP, Rung.AUTH)


@attrs.frozen(kw_only=True, slots=False)
class Context:
    """Every observation of one run, found by what it is about."""

    observations: tuple[Observation, ...]

    def of_subject(self, subject: str) -> tuple[Observation, ...]:
        """What was seen of a subject; no controls."""
        return self._subjects.get(subject, ())

    def of_target(self, observation: Observation) -> tuple[Observation, ...]:
        """What was seen of the same subject at the same target, itself included; no controls.

        Lines of logs have no target in common: each is by itself.
        """
        if observation.subject == LOGS:
            return (observation,)
        return self._targets.get((observation.subject, observation.target), ())

    def controls(self, observation: Observation, changed: str) -> tuple[Observation, ...]:
        """The controls made for an observation's target, or for its whole subject, in which `changed` was changed.

        A control says in its evidence, under "changed", what the one thing is that it changes.
        """
        return tuple(
            control
            for control in self.controls_of(observation.subject, changed)
            if control.target in (None, observation.target)
        )

    def controls_of(self, subject: str, changed: str) -> tuple[Observation, ...]:
        """The controls made for a subject in which `changed` was changed, wherever they went."""
        return tuple(
            control for control in self._controls.get(subject, ()) if control.evidence.get("changed") == changed
        )

    def of_rung(self, rung: Rung) -> tuple[Observation, ...]:
        """What was seen on one rung in the whole run; no controls."""
        return tuple(seen for seen in self._own if seen.rung is rung)

    @cached_property
    def probed(self) -> frozenset[str]:
        """The subjects that were dialled or looked up: neither this host, nor its logs, nor rehearsed submissions."""
        tried = (seen for seen in self._own if seen.rung in ON_THE_WAY and seen.outcome is not Outcome.SKIPPED)
        return frozenset(seen.subject for seen in tried if seen.subject != LOGS)

    @cached_property
    def _own(self) -> tuple[Observation, ...]:
        return tuple(seen for seen in self.observations if not seen.control)

    @cached_property
    def _subjects(self) -> Mapping[str, tuple[Observation, ...]]:
        subjects: dict[str, list[Observation]] = {}
        for seen in self._own:
            subjects.setdefault(seen.subject, []).append(seen)
        return {subject: tuple(group) for subject, group in subjects.items()}

    @cached_property
    def _targets(self) -> Mapping[tuple[str, Target | None], tuple[Observation, ...]]:
        targets: dict[tuple[str, Target | None], list[Observation]] = {}
        for seen in self._own:
            targets.setdefault((seen.subject, seen.target), []).append(seen)
        return {key: tuple(group) for key, group in targets.items()}

    @cached_property
    def _controls(self) -> Mapping[str, tuple[Observation, ...]]:
        controls: dict[str, list[Observation]] = {}
        for seen in self.observations:
            if seen.control:
                controls.setdefault(seen.subject, []).append(seen)
        return {subject: tuple(group) for subject, group in controls.items()}
