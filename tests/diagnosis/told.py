"""The code that one observation gets by itself, and within what else was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.diagnosis.causes import meaning
from nimnetcheck.diagnosis.context import Context

if TYPE_CHECKING:
    from nimnetcheck.model import Observation


def code(observation: Observation, *others: Observation) -> str | None:
    """The code of the entry that applies; None where nothing is wrong."""
    entry = meaning(observation, Context(observations=(observation, *others)))
    return entry.code if entry else None
