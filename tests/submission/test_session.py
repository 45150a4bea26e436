"""A session asks, polls and hides; the far side here is a list of answers."""

from __future__ import annotations

import base64
import json
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING, Any, cast

import pytest

from nimnetcheck.model import Failure, World
from nimnetcheck.submission.flow import Site
from nimnetcheck.submission.licence import Licence
from nimnetcheck.submission.messages import Answer, Outcome, Request, Trouble
from nimnetcheck.submission.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.submission.client import Client

TOKEN = "head.marked-token.signature"  # noqa: S105 (planted, to be looked for)
OTHER = "x.other-token.y"
PASSWORD = "marked-password"  # noqa: S105 (likewise)
LICENCE = Licence(subject="A-S1", subscription_end=None, sha256_12="0" * 12, jku="", token=TOKEN)
SITE = Site(
    world=World(),
    nim_url="https://nim.example/",
    username="admin",
    password=PASSWORD,
    licence=LICENCE,
    poll_s=0.01,
    wait_s=0.05,
)


class Scripted:
    """A client that gives one outcome after the other, the last one for ever."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.requests: list[Request] = []

    def call(self, request: Request, *, into: IO[bytes] | None = None) -> Outcome:
        """Note the request and give the next outcome."""
        self.requests.append(request)
        if into is not None:
            into.write(b"PK")
        return self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]


def answer(status: int, **fields: Any) -> Answer:  # noqa: ANN401 (any JSON)
    body = json.dumps(fields).encode()
    return Answer(status=status, headers={}, body=body, elapsed_s=0.0, sent=3, received=len(body))


@pytest.fixture
def files() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def session(files: ExitStack, *outcomes: Outcome) -> Session:
    return Session(SITE, cast("Client", Scripted(*outcomes)), files)


def test_each_side_gets_its_own_credential(files: ExitStack) -> None:
    run = session(files, answer(200))
    basic = base64.b64encode(b"admin:marked-password").decode()
    asked = run.nim("GET", "/license")
    assert (asked.url, asked.authorization) == ("https://nim.example/api/platform/v1/license", f"Basic {basic}")
    assert run.vendor("GET", "https://product.apis.f5.com/x").authorization == f"Bearer {TOKEN}"
    assert run.vendor("GET", "https://product.connect.nginx.com/x", token=OTHER).authorization == f"Bearer {OTHER}"


def test_an_expected_answer_has_its_fields_and_a_message_to_show(files: ExitStack) -> None:
    run = session(files, answer(202, message="taken", other=1))
    seen = run.ask(run.nim("GET", "/x"), expected=(202,))
    assert (seen.failure, seen.status, seen.data["other"], seen.told) == (None, 202, 1, {"message": "taken"})
    assert (seen.sent, seen.received) == (3, 32)


def test_trouble_and_refusals_keep_their_names(files: ExitStack) -> None:
    run = session(files, Trouble(failure=Failure.TCP_REFUSED, detail="no"), answer(401, message="who?"))
    seen = run.ask(run.nim("GET", "/x"), expected=(200,))
    assert (seen.failure, seen.detail) == (Failure.TCP_REFUSED, "nim.example: no")
    seen = run.ask(run.nim("GET", "/x"), expected=(200,))
    assert seen.failure is Failure.SUBMIT_UNAUTHORIZED
    assert seen.detail == "nim.example answered 401 instead of 200: who?"


def test_a_download_needs_no_json_and_a_batch_answer_none(files: ExitStack) -> None:
    body = Answer(status=200, headers={}, body=b"", elapsed_s=0.0, sent=0, received=0)
    run = session(files, body)
    assert run.ask(run.nim("GET", "/x"), expected=(200,), into=run.report).failure is None
    assert run.ask(run.nim("GET", "/x"), expected=(200,), wants_json=False).failure is None
    assert run.ask(run.nim("GET", "/x"), expected=(200,)).failure is Failure.SUBMIT_UNEXPECTED_ANSWER


def test_polling_ends_when_it_is_done_failed_or_late(files: ExitStack) -> None:
    run = session(files, answer(200, n=1), answer(200, n=2), answer(200, n=3))
    seen = run.poll(lambda: run.ask(run.nim("GET", "/x"), expected=(200,)), lambda seen: seen.data["n"] == 3)
    assert (seen.failure, seen.told["looks"]) == (None, 3)
    run = session(files, answer(200, n=1), answer(500))
    seen = run.poll(lambda: run.ask(run.nim("GET", "/x"), expected=(200,)), lambda _: False)
    assert (seen.failure, seen.told["looks"]) == (Failure.HTTP_STATUS, 2)
    run = session(files, answer(200, n=1))
    seen = run.poll(lambda: run.ask(run.nim("GET", "/x"), expected=(200,)), lambda _: False)
    assert seen.failure is Failure.SUBMIT_TIMEOUT
    assert cast("int", seen.told["looks"]) > 1


def test_no_secret_and_no_escape_comes_back_out_of_what_others_say(files: ExitStack) -> None:
    basic = base64.b64encode(b"admin:marked-password").decode()
    said = f"\x1b[2J {TOKEN} {PASSWORD} {basic} {OTHER} " + "z" * 500
    run = session(files, answer(400, message=said))
    run.vendor("GET", "https://product.connect.nginx.com/", token=OTHER)
    seen = run.ask(run.nim("GET", "/x"), expected=(200,))
    shown = f"{seen!r} {seen.detail} {seen.told}"
    assert seen.failure is Failure.SUBMIT_REFUSED
    assert not [word for word in ("marked", basic, "other-token", "\x1b") if word in shown]
    assert len(seen.detail) <= 200
    assert "marked" not in repr(SITE) + repr(run) + repr(run.nim("GET", "/x"))
