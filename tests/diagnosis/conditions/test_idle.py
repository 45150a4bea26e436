"""Connections that were silent: forgotten on the way, beside everything that only looks so."""

from __future__ import annotations

import pytest

from nimnetcheck.diagnosis.conditions import idle
from nimnetcheck.diagnosis.context import Context
from nimnetcheck.model import Failure, Rung
from tests.diagnosis.seen import seen

AT = "3.135.72.139"
GOOD = seen("usage", AT, None, Rung.PATH)


def silent(failure: Failure | None, **evidence: object) -> Context:
    told = {"idle_s": 300.0, **evidence}
    return Context(observations=(GOOD, seen("usage", AT, failure, Rung.HTTP, changed="idle", evidence=told)))


@pytest.mark.parametrize(
    ("evidence", "line"),
    [
        (
            {"ended": "silence", "retransmits": 4},
            "silent for 300.0 s, then sent a request: silence, sent again 4 times",
        ),
        (
            {"ended": "unsent"},
            "silent for 300.0 s, then sent a request: it never left this host, whose own rules forgot the connection",
        ),
        ({"ended": "refused"}, "silent for 300.0 s, then sent a request: refused"),
        ({"ended": "reset", "kept_s": 60.0}, "silent for 60.0 s, then reset before anything was sent"),
    ],
)
def test_what_is_not_taken_after_a_silence_and_is_afresh_was_forgotten(evidence: dict[str, object], line: str) -> None:
    context = silent(Failure.HTTP_TIMEOUT, fresh="passed", **evidence)
    assert idle.is_forgotten(GOOD, context)
    assert idle.fate(GOOD, context) == f"{line}; a fresh connection: answered"


@pytest.mark.parametrize(
    "context",
    [
        silent(None, status=404),
        silent(None, ended="closed", kept_s=75.0),  # the server's own time-out
        silent(Failure.HTTP_TIMEOUT, ended="stalled", fresh="passed"),  # it was acknowledged: nobody forgot it
        silent(Failure.HTTP_TIMEOUT, ended="silence", fresh="tcp_timeout"),  # nothing gets through any more
        silent(Failure.DEADLINE),
        Context(observations=(GOOD,)),
    ],
)
def test_what_only_looks_so_was_not(context: Context) -> None:
    assert not idle.is_forgotten(GOOD, context)
    assert idle.fate(GOOD, context) == ""
