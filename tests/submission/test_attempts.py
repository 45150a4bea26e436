"""Attempts follow one another until one stands; each is told, and a download begins anew."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, cast

from nimnetcheck.model import Failure
from nimnetcheck.submission.attempts import Sender
from nimnetcheck.submission.messages import Answer, Request, Trouble
from nimnetcheck.submission.retries import Patience
from tests.submission.conftest import Scripted

if TYPE_CHECKING:
    from nimnetcheck.submission.client import Client
    from nimnetcheck.submission.messages import Outcome

GET = Request(method="GET", url="https://nim.example/")
CUT = Trouble(failure=Failure.HTTP_CLOSED, detail="cut", sent=True, whole=True)


def answer(status: int) -> Answer:
    return Answer(status=status, headers={}, body=b"", elapsed_s=0.0, sent=0, received=0)


def sender(*outcomes: Outcome) -> Sender:
    return Sender(client=cast("Client", Scripted(*outcomes)), patience=Patience(first_s=0.001))


def test_the_last_outcome_stands_and_every_one_is_told() -> None:
    told: list[Outcome] = []
    outcome, tries = sender(answer(503), CUT, answer(200)).send(GET, after=told.append)
    assert told == [answer(503), CUT, outcome]
    assert [(one.get("status"), one.get("failure"), one.get("whole")) for one in tries] == [
        (503, None, None),
        (None, "http_closed", True),
        (200, None, None),
    ]
    assert ["waited_s" in one for one in tries] == [True, True, False]


def test_one_that_stands_is_made_once() -> None:
    for outcome in (answer(200), answer(401), Trouble(failure=Failure.TLS_UNTRUSTED, detail="")):
        assert len(sender(outcome).send(GET, after=lambda _: None)[1]) == 1


def test_a_download_begins_anew() -> None:
    file = io.BytesIO()
    sender(answer(503), answer(502), answer(200)).send(GET, into=file, after=lambda _: None)
    assert file.getvalue() == b"PK"
