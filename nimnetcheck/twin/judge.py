"""One question, answered: all flows in one twin, and those alone, each in a twin anew, that would spend one limit."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin.answer import Answer, Judged, Round
from nimnetcheck.twin.twin import twin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.twin.flow import Flow
    from nimnetcheck.twin.namespace import Sender
    from nimnetcheck.twin.wire import Question

ALONE_S = 20.0  # for all flows that are sent alone; a small ruleset's twin takes 20 ms


def judge(question: Question, sender: Sender) -> Answer:
    """The answer; raises NotJudgedError and ForbiddenError."""
    answer = _together(question, sender)
    limited = dict.fromkeys(judged.flow for one in answer.rounds for judged in one.judged if judged.limit)
    if len(limited) < 2:  # noqa: PLR2004 (one flow spends nobody's tokens)
        return answer
    alone: dict[Flow, tuple[Judged, ...]] = {}
    ends = time.monotonic() + ALONE_S
    for flow in limited:
        if time.monotonic() < ends:
            alone[flow] = tuple(_alone(question, flow, sender))
    rounds = (
        attrs.evolve(one, judged=tuple(_settled(judged, alone, at) for judged in one.judged))
        for at, one in enumerate(answer.rounds)
    )
    return attrs.evolve(answer, rounds=tuple(rounds))


def _together(question: Question, sender: Sender) -> Answer:
    with twin(question, sender) as made:
        judged = made.judge()
        rounds = [Round(judged=(*judged, *(made.judge_errors(judged) if question.errors else ())))]
        for trial in question.trials:
            applied = tuple(made.apply(command.words, command.text) for command in trial)
            rounds.append(Round(judged=made.judge(), applied=applied))
        return Answer(rounds=tuple(rounds), left_out=made.loaded.left_out, assumed=made.layout.assumed)


def _alone(question: Question, flow: Flow, sender: Sender) -> Iterator[Judged]:
    """One flow, each round of it in a twin that no packet has met."""
    for rounds in range(len(question.trials) + 1):
        with twin(attrs.evolve(question, flows=(flow,)), sender) as made:
            for command in (command for trial in question.trials[:rounds] for command in trial):
                made.apply(command.words, command.text)
            yield made.judge()[0]


def _settled(judged: Judged, alone: dict[Flow, tuple[Judged, ...]], at: int) -> Judged:
    """What the flow met alone; not judged, where there was no time to ask."""
    if judged.flow in alone:
        return alone[judged.flow][at]
    if not judged.limit:
        return judged
    because = f"{judged.limit} decides by what passed before, and time did not suffice to send each flow alone"
    return attrs.evolve(judged, verdict=KernelVerdict.NOT_JUDGED, because=because)
