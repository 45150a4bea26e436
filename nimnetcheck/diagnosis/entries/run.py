"""What this tool could not finish or name."""

from __future__ import annotations

from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Failure

F = Failure

ENTRIES: tuple[Diagnosis, ...] = (
    Diagnosis(
        code="run.deadline",
        failures=(F.DEADLINE,),
        title="The run ended before this was finished",
        explanation="The total deadline ran out.",
        action="Give it more time with --deadline.",
    ),
    Diagnosis(
        code="unknown",
        failures=(F.UNKNOWN,),
        title="Something failed in a way that has no name yet",
        explanation="What the machine said is in the evidence.",
        action="Report it, with the JSON of this run.",
    ),
)
