"""Which diagnoses apply, how far each reaches, and which of them follow from others: pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from nimnetcheck.diagnosis.entries import BY_FAILURE, BY_PASSED
from nimnetcheck.model import Outcome, Rung, Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nimnetcheck.diagnosis.context import Context
    from nimnetcheck.diagnosis.entry import Diagnosis
    from nimnetcheck.model import Observation


@attrs.frozen(kw_only=True)
class Cause:
    """A diagnosis that applied to some observations, how far it reaches, and the codes that follow from it."""

    entry: Diagnosis
    seen: tuple[Observation, ...]
    scope: Scope
    explains: tuple[str, ...] = ()

    def reaches(self, observation: Observation) -> bool:
        """Whether an observation lies within what this cause struck."""
        if self.scope in (Scope.HOST, Scope.SITE):
            return True
        return any(
            seen.subject == observation.subject
            and (self.scope is Scope.TARGET or seen.target in (None, observation.target))
            for seen in self.seen
        )


def find(context: Context) -> tuple[Cause, ...]:
    """The causes of what was seen; effects of other causes are in their `explains`."""
    struck: dict[Diagnosis, list[Observation]] = {}
    for observation in context.observations:
        entry = meaning(observation, context)
        if entry:
            struck.setdefault(entry, []).append(observation)
    return without_effects(
        [Cause(entry=entry, seen=tuple(seen), scope=scope(entry, seen, context)) for entry, seen in struck.items()]
    )


def meaning(observation: Observation, context: Context) -> Diagnosis | None:
    """The most specific entry that applies to an observation; controls and what was skipped have none."""
    candidates: Sequence[Diagnosis] = ()
    if not observation.control and observation.outcome is Outcome.PASSED:
        candidates = BY_PASSED[observation.rung]
    elif not observation.control and observation.outcome is Outcome.FAILED and observation.failure:
        candidates = BY_FAILURE[observation.failure]
    return next((entry for entry in candidates if entry.applies(observation, context)), None)


def scope(entry: Diagnosis, seen: Sequence[Observation], context: Context) -> Scope:
    """How far a cause reaches, by what it struck among what was tried."""
    if entry.scope:
        return entry.scope
    if any(observation.rung is Rung.HOST for observation in seen):
        return Scope.HOST
    subjects = {observation.subject for observation in seen} & context.probed
    if len(subjects) > 1 and subjects >= context.probed:
        return Scope.SITE
    targets = {observation.target for observation in seen}
    others = {one.target for subject in subjects for one in context.of_subject(subject) if one.target} - targets
    return Scope.ADDRESS if others and None not in targets else Scope.TARGET


def without_effects(causes: Sequence[Cause]) -> tuple[Cause, ...]:
    """The causes alone: what one of them brings about is taken out, and named in what it explains."""
    left: list[Cause] = []
    follows: dict[str, list[str]] = {}
    for cause in causes:
        roots = [root for root in causes if root.entry.code in cause.entry.hidden_by]
        rest = tuple(seen for seen in cause.seen if not any(root.reaches(seen) for root in roots))
        if rest:
            left.append(attrs.evolve(cause, seen=rest))
            continue
        for root in roots:
            if any(root.reaches(seen) for seen in cause.seen):
                follows.setdefault(root.entry.code, []).append(cause.entry.code)
    return tuple(attrs.evolve(cause, explains=tuple(_all(cause.entry.code, follows))) for cause in left)


def _all(code: str, follows: dict[str, list[str]]) -> dict[str, None]:
    """What follows from a code, and what follows from that; in order, each once."""
    found: dict[str, None] = {}
    waiting = list(follows.get(code, ()))
    while waiting:
        effect = waiting.pop(0)
        if effect not in found:
            found[effect] = None
            waiting += follows.get(effect, ())
    return found
