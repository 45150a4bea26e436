"""A file is handed over once: what was taken stays taken, what is uncertain waits for the user."""

from __future__ import annotations

import io
from contextlib import nullcontext
from typing import IO, TYPE_CHECKING, Callable, cast

import attrs
import pytest

from nimnetcheck.model import Failure
from nimnetcheck.submission.handover import Item, Uncertain, hand_over
from nimnetcheck.submission.journal import Note, What
from nimnetcheck.submission.messages import Answer, Trouble, Upload

if TYPE_CHECKING:
    from nimnetcheck.submission.client import Client
    from nimnetcheck.submission.messages import Outcome, Request
    from nimnetcheck.submission.session import Seen, Session

URL = "https://product.apis.f5.com/bulk"
ITEM = Item(key="report", sha256="ab" * 32, size=3, keeps=("statusLink",))
CUT = Trouble(failure=Failure.HTTP_CLOSED, detail="cut", sent=True)


def answer(status: int, body: bytes = b'{"statusLink": "/status/1"}') -> Answer:
    return Answer(status=status, headers={}, body=body, elapsed_s=0.0, sent=0, received=0)


def send(session: Session, item: Item = ITEM) -> Seen:
    upload = Upload(open=lambda: nullcontext(io.BytesIO(b"abc")), size=3)
    return hand_over(session, session.vendor("POST", URL, upload=upload), item, expected=(202,))


def note(session: Session) -> Note:
    last = session.folder.journal.last("report")
    assert last is not None
    return last


@pytest.mark.parametrize(
    ("outcome", "what"),
    [
        (answer(202), What.TAKEN),
        (answer(202, b"not json"), What.TAKEN),
        (answer(202, b"<html>sign in"), What.NOT_TAKEN),
        (answer(400), What.NOT_TAKEN),
        (answer(302), What.NOT_TAKEN),
        (answer(503), What.NOT_TAKEN),
        (answer(502), What.UNANSWERED),
        (answer(504), What.UNANSWERED),
        (CUT, What.NOT_TAKEN),
        (attrs.evolve(CUT, whole=True), What.UNANSWERED),
        (attrs.evolve(CUT, whole=True, status=202), What.TAKEN),
        (attrs.evolve(CUT, whole=True, status=400), What.NOT_TAKEN),
        (Trouble(failure=Failure.TCP_REFUSED, detail=""), What.NOT_TAKEN),
    ],
)
def test_what_an_outcome_means_for_the_file_is_noted(
    script: Callable[..., Session], outcome: Outcome, what: What
) -> None:
    session = script(outcome)
    send(session)
    assert (note(session).what, note(session).status) == (what, outcome.status)


def test_what_was_taken_is_not_sent_again_and_its_answer_is_remembered(script: Callable[..., Session]) -> None:
    session = script(answer(202), answer(500))
    first, second = send(session), send(session)
    assert (first.failure, first.data["statusLink"], len(first.tries)) == (None, "/status/1", 1)
    assert (second.failure, second.data["statusLink"], second.tries) == (None, "/status/1", ())
    assert "not sent again" in str(second.told["earlier"])


@pytest.mark.parametrize("what", [What.NOT_TAKEN, What.UNANSWERED])
def test_what_was_not_taken_is_sent_again(script: Callable[..., Session], what: What) -> None:
    session = script(answer(202))
    session.folder.journal.write(Note(what=what, key="report"), now=True)
    assert len(send(session).tries) == 1


@pytest.mark.parametrize(
    ("decision", "keeps", "failure", "sent", "what"),
    [
        (Uncertain.HOLD, (), Failure.SUBMIT_UNCERTAIN, 0, What.SENDING),
        (Uncertain.SEND, (), None, 1, What.TAKEN),
        (Uncertain.TAKEN, (), None, 0, What.DECIDED_TAKEN),
        (Uncertain.HOLD, ("statusLink",), Failure.SUBMIT_UNCERTAIN, 0, What.SENDING),
        (Uncertain.SEND, ("statusLink",), None, 1, What.TAKEN),
        (Uncertain.TAKEN, ("statusLink",), Failure.SUBMIT_UNCERTAIN, 0, What.SENDING),
    ],
)
def test_what_may_have_been_taken_is_for_the_user_to_decide(  # noqa: PLR0913 (the columns of the table)
    *,
    script: Callable[..., Session],
    decision: Uncertain,
    keeps: tuple[str, ...],
    failure: Failure | None,
    sent: int,
    what: What,
) -> None:
    """Where the answer held what is needed further on, no word brings it back."""
    session = script(answer(202))
    session.site = attrs.evolve(session.site, uncertain=decision)
    session.folder.journal.write(Note(what=What.SENDING, key="report"), now=True)
    seen = send(session, attrs.evolve(ITEM, keeps=keeps))
    assert (seen.failure, len(seen.tries), note(session).what) == (failure, sent, what)


def test_the_note_is_there_before_the_last_byte_leaves(script: Callable[..., Session]) -> None:
    noted: list[What | None] = []

    class Reading:
        def call(self, request: Request, *, into: IO[bytes] | None = None) -> Outcome:
            assert into is None
            assert request.upload is not None
            noted.append(last.what if (last := session.folder.journal.last("report")) else None)
            request.upload.before_end()
            noted.append(note(session).what)
            return answer(202)

    session = script(answer(202))
    session._sender = attrs.evolve(session._sender, client=cast("Client", Reading()))  # noqa: SLF001 (a client that looks when it is called)
    send(session)
    assert [*noted, note(session).what] == [None, What.SENDING, What.TAKEN]


def test_it_is_said_where_an_earlier_attempt_may_have_been_taken_too(script: Callable[..., Session]) -> None:
    assert "twice" not in send(script(CUT, answer(503), answer(202))).told
    assert "twice" in send(script(attrs.evolve(CUT, whole=True), answer(202))).told
    assert "twice" in send(script(answer(504), answer(202))).told


def test_no_secret_reaches_the_journal(script: Callable[..., Session]) -> None:
    session = script(answer(202, b'{"statusLink": "/status/head.marked-token.signature"}'))
    send(session)
    assert note(session).kept == {"statusLink": "/status/[hidden]"}
