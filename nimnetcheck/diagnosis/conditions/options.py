"""Which TCP option a way dislikes: pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.diagnosis.conditions import ways

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimnetcheck.diagnosis.context import Context
    from nimnetcheck.model import Observation

ALL, FEWEST, WITHOUT = "all", "mss alone", "without "
SILENT = "silent"


def mangled(observation: Observation, context: Context) -> bool:
    """A SYN with every option is lost, and one with the segment size alone is answered.

    At most one option is the cause alone: where two of them cure it, each without the other, it was chance.
    """
    answers = _answers(observation, context)
    if answers.get(ALL) != SILENT or answers.get(FEWEST, SILENT) == SILENT:
        return False
    return sum(said != SILENT for manner, said in answers.items() if manner.startswith(WITHOUT)) <= 1


def disliked(observation: Observation, context: Context) -> str:
    """The option without which a SYN is answered, in words."""
    answers = _answers(observation, context)
    cures = [manner for manner, said in answers.items() if manner.startswith(WITHOUT) and said != SILENT]
    said = ", ".join(f"{manner}: {answer}" for manner, answer in answers.items())
    return (
        f"SYNs with their TCP options: {said}; {cures[0] if cures else f'with {FEWEST}'} it gets through"
        if answers
        else ""
    )


def _answers(observation: Observation, context: Context) -> Mapping[str, str]:
    answers = ways.evidence(observation, context, "options").get("answers")
    return {str(key): str(said) for key, said in answers.items()} if isinstance(answers, dict) else {}
