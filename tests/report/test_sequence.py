"""A submission as messages: who was asked what, and what came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.model import Failure, Rung
from nimnetcheck.report.sequence import HERE, sequences
from tests.report.seen import report, saw

if TYPE_CHECKING:
    from nimnetcheck.model import Observation


def step(url: str, status: int, failure: Failure | None = None) -> Observation:
    evidence = {"request": {"method": "GET", "url": url}, "response": {"status": status, "looks": 2}}
    return saw(Rung.SUBMIT, failure, address=None, subject="flow", evidence=evidence)


def test_each_host_has_a_lane_in_the_order_of_the_first_message() -> None:
    local = saw(Rung.SUBMIT, address=None, subject="flow", evidence={"response": {"files": 1}})
    steps = [step("https://nim.example/a?x=1", 200), local, step("https://f5.example/b", 413, Failure.SUBMIT_REFUSED)]
    (sequence,) = sequences(report(steps))
    assert sequence.lanes == (HERE, "nim.example", "f5.example")
    assert [(each.lane, each.request, each.answer) for each in sequence.steps] == [
        (1, "GET /a?x=1", "200"),
        (0, "", ""),
        (2, "GET /b", "413"),
    ]
    assert sequence.steps[1].told == (("files", "1"),)
    assert sequence.broken


def test_a_flow_that_held_is_not_broken_and_a_probe_is_no_flow() -> None:
    (sequence,) = sequences(report([saw(Rung.TCP), step("https://nim.example/a", 200)]))
    assert not sequence.broken
