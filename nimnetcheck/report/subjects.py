"""The observations of a report by what they are about; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nimnetcheck.model import Observation


def by_subject(observations: Iterable[Observation]) -> dict[str, list[Observation]]:
    """Every subject with its observations, both in the order in which they were seen."""
    subjects: dict[str, list[Observation]] = {}
    for observation in observations:
        subjects.setdefault(observation.subject, []).append(observation)
    return subjects
