"""A submission as messages between this host and the others, in their order; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import attrs

from nimnetcheck.diagnosis.context import LOGS
from nimnetcheck.model import Outcome, Rung

if TYPE_CHECKING:
    from nimnetcheck.model import Observation, Report

HERE = "this host"


@attrs.frozen(kw_only=True)
class Step:
    """One step: to which lane its request goes (0 for none), what was asked, what came back."""

    step: Observation
    lane: int
    request: str
    answer: str
    told: tuple[tuple[str, str], ...] = ()


@attrs.frozen(kw_only=True)
class Sequence:
    """One flow: its lanes, this host first, and its steps."""

    subject: str
    lanes: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def broken(self) -> bool:
        """Whether a step failed."""
        return any(step.step.outcome is Outcome.FAILED for step in self.steps)


def sequences(report: Report) -> tuple[Sequence, ...]:
    """One for each flow that ran, in the order of the judgements."""
    flows: dict[str, list[Observation]] = {}
    for observation in report.observations:
        if observation.rung is Rung.SUBMIT and observation.subject != LOGS:
            flows.setdefault(observation.subject, []).append(observation)
    return tuple(_sequence(subject, steps) for subject, steps in flows.items())


def _sequence(subject: str, steps: list[Observation]) -> Sequence:
    lanes = tuple(dict.fromkeys([HERE, *(host for host in map(_host, steps) if host)]))
    return Sequence(subject=subject, lanes=lanes, steps=tuple(_step(step, lanes) for step in steps))


def _step(step: Observation, lanes: tuple[str, ...]) -> Step:
    request, response = _fields(step, "request"), _fields(step, "response")
    url = urlsplit(str(request.get("url", "")))
    where = url.path + (f"?{url.query}" if url.query else "")
    told = {key: str(value) for key, value in response.items() if key != "status"}
    return Step(
        step=step,
        lane=lanes.index(_host(step) or HERE),
        request=f"{request.get('method', '')} {where}".strip(),
        answer=str(response.get("status", "")),
        told=tuple(told.items()),
    )


def _host(step: Observation) -> str:
    return urlsplit(str(_fields(step, "request").get("url", ""))).hostname or ""


def _fields(step: Observation, key: str) -> dict[str, object]:
    found = step.evidence.get(key)
    return dict(found) if isinstance(found, dict) else {}
