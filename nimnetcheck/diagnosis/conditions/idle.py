"""What became of a connection that was silent for a while: pure.

One address of a subject was looked at: what was seen there goes for all of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.diagnosis.conditions import ways
from nimnetcheck.model import Outcome

if TYPE_CHECKING:
    from nimnetcheck.diagnosis.context import Context
    from nimnetcheck.model import Observation

# "closed" is the server's own time-out, "stalled" its own silence.
FORGOTTEN = {
    "silence": "silence",
    "reset": "reset",
    "refused": "refused",
    "unsent": "it never left this host, whose own rules forgot the connection",
}


def is_forgotten(observation: Observation, context: Context) -> bool:
    """What was sent after the silence met a RST, ICMP or nothing, and a fresh connection is answered."""
    return any(_forgotten(observation, context))


def fate(observation: Observation, context: Context) -> str:
    """How long it was silent, what came then, and how a fresh one fared."""
    return next((f"{_told(control)}; a fresh connection: answered" for control in _forgotten(observation, context)), "")


def _forgotten(observation: Observation, context: Context) -> tuple[Observation, ...]:
    return tuple(
        control
        for control in context.controls_of(observation.subject, "idle")
        if control.evidence.get("ended") in FORGOTTEN and control.evidence.get("fresh") == str(Outcome.PASSED)
    )


def _told(control: Observation) -> str:
    seen = control.evidence
    if "kept_s" in seen:
        return f"silent for {seen['kept_s']} s, then {seen['ended']} before anything was sent"
    told = f"silent for {seen.get('idle_s')} s, then sent a request: {FORGOTTEN[str(seen['ended'])]}"
    again = ways.number(control, "retransmits")
    return f"{told}, sent again {again} times" if again else told
