"""The shape of a diagnosis: when it applies, what it means, what to do, and which causes would explain it away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

import attrs

from nimnetcheck.model import Confidence, Severity

if TYPE_CHECKING:
    from nimnetcheck.diagnosis.context import Context
    from nimnetcheck.model import Failure, Observation, Rung, Scope

    Condition = Callable[[Observation, Context], bool]
    Proof = Callable[[Observation, Context], str]


@attrs.frozen(kw_only=True)
class Diagnosis:
    """An entry that gives observations a meaning.

    It applies to what failed with one of `failures`, and to what passed on one of the rungs `passed`, where `when`, a
    pure condition on the observation and its context, holds; to what failed with one of `always` without condition. Of
    the entries that apply the most specific one counts.
    What passed carries a warning at most, unless the diagnosis is `grave`: it fails in the product all the same.
    `hidden_by` names the codes of causes that bring this one about; where one of those struck the same subject, or the
    whole host or site, it is told alone. `scope` is given where it does not follow from what was struck. `proof` says
    in a line what else was seen that tells this cause from its look-alikes.

    In `action`, `settle` and `commands`, `{subjects}`, `{targets}`, `{host}`, `{address}` and `{port}` are filled in:
    never text that came over the network, because people paste commands into shells.
    """

    code: str
    title: str
    explanation: str
    action: str
    failures: tuple[Failure, ...] = ()
    always: tuple[Failure, ...] = ()
    passed: tuple[Rung, ...] = ()
    when: Condition | None = None
    proof: Proof | None = None
    severity: Severity = Severity.ERROR
    grave: bool = False
    scope: Scope | None = None
    confidence: Confidence = Confidence.LIKELY
    alternatives: tuple[str, ...] = ()
    settle: str = ""
    commands: tuple[str, ...] = ()
    hidden_by: tuple[str, ...] = ()

    def applies(self, observation: Observation, context: Context) -> bool:
        """Whether it applies to what failed or passed in a way that it knows."""
        return self.when is None or observation.failure in self.always or self.when(observation, context)
