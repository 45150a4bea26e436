"""Logs and probes of the same host agree or contradict each other; of different hosts they do neither."""

from __future__ import annotations

import attrs
import pytest

from nimnetcheck.diagnosis.causes import find
from nimnetcheck.diagnosis.conditions.logs import differs_from_the_probes, what_differs
from nimnetcheck.diagnosis.context import Context
from nimnetcheck.model import Failure, Observation, Rung, Scope
from tests.diagnosis.seen import seen

REACHED = seen("usage", "192.0.2.1", rung=Rung.HTTP)
SILENT = seen("usage", "192.0.2.1", Failure.TCP_TIMEOUT)


def logged(failure: Failure | None, rung: Rung = Rung.TCP, host: str = "usage.example") -> Observation:
    return attrs.evolve(seen("logs", None, failure, rung), evidence={"host": host})


@pytest.mark.parametrize(
    ("line", "probe", "differs"),
    [
        (logged(Failure.TCP_TIMEOUT), REACHED, True),
        (logged(Failure.TCP_TIMEOUT), SILENT, False),
        (logged(Failure.TCP_TIMEOUT, host="other.example"), REACHED, False),
        (logged(Failure.SUBMIT_UNAUTHORIZED, Rung.SUBMIT), REACHED, False),
        (logged(None, Rung.SUBMIT), SILENT, True),
        (logged(None, Rung.SUBMIT), REACHED, False),
        (SILENT, REACHED, False),
    ],
)
def test_a_contradiction_is_seen(line: Observation, probe: Observation, differs: bool) -> None:  # noqa: FBT001 (a table's column)
    assert differs_from_the_probes(line, Context(observations=(line, probe))) is differs


def test_a_log_and_a_probe_that_agree_are_one_finding() -> None:
    (cause,) = find(Context(observations=(logged(Failure.TCP_TIMEOUT), SILENT)))
    assert {one.subject for one in cause.seen} == {"logs", "usage"}
    assert cause.scope is Scope.TARGET


@pytest.mark.parametrize(("evidence", "differs"), [({"network": ["a unit"]}, True), ({"store": ["a file"]}, False)])
def test_another_network_namespace_is_enough_and_another_store_is_not(
    evidence: dict[str, object], *, differs: bool
) -> None:
    own = seen("host", None, rung=Rung.HOST, evidence=evidence)
    assert differs_from_the_probes(own, Context(observations=(own,))) is differs


def test_what_is_known_to_differ_is_told() -> None:
    view = seen("host", None, rung=Rung.HOST, evidence={"network": ["a unit"], "store": ["a file"]})
    drift = seen("host", None, Failure.PROXY_CONFIG_DRIFT, Rung.HOST, detail="NIM: none; this shell: http://p:1")
    line = logged(Failure.TCP_TIMEOUT)
    around = Context(observations=(line, REACHED, view, drift))
    assert what_differs(line, around) == "known to differ: a unit; a file; NIM: none; this shell: http://p:1"
    assert what_differs(line, Context(observations=(line, REACHED))) == ""
