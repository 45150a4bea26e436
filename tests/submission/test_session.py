"""A session asks, polls and hides; the far side here is a list of answers."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, Callable, cast

import pytest

from nimnetcheck.model import Failure
from nimnetcheck.submission.messages import Answer, Trouble

if TYPE_CHECKING:
    from nimnetcheck.submission.session import Session

    Script = Callable[..., Session]

TOKEN = "head.marked-token.signature"  # noqa: S105 (planted, to be looked for)
OTHER = "x.other-token.y"
PASSWORD = "marked-password"  # noqa: S105 (likewise)


def answer(status: int, **fields: Any) -> Answer:  # noqa: ANN401 (any JSON)
    body = json.dumps(fields).encode()
    return Answer(status=status, headers={}, body=body, elapsed_s=0.0, sent=3, received=len(body))


def test_each_side_gets_its_own_credential(script: Script) -> None:
    run = script(answer(200))
    basic = base64.b64encode(b"admin:marked-password").decode()
    asked = run.nim("GET", "/license")
    assert (asked.url, asked.authorization) == ("https://nim.example/api/platform/v1/license", f"Basic {basic}")
    assert run.vendor("GET", "https://product.apis.f5.com/x").authorization == f"Bearer {TOKEN}"
    assert run.vendor("GET", "https://product.connect.nginx.com/x", token=OTHER).authorization == f"Bearer {OTHER}"


def test_an_expected_answer_has_its_fields_and_a_message_to_show(script: Script) -> None:
    run = script(answer(202, message="taken", other=1))
    seen = run.ask(run.nim("GET", "/x"), expected=(202,))
    assert (seen.failure, seen.status, seen.data["other"], seen.told) == (None, 202, 1, {"message": "taken"})
    assert (seen.sent, seen.received) == (3, 32)


def test_trouble_and_refusals_keep_their_names(script: Script) -> None:
    run = script(Trouble(failure=Failure.DNS_NXDOMAIN, detail="no"), answer(401, message="who?"))
    seen = run.ask(run.nim("GET", "/x"), expected=(200,))
    assert (seen.failure, seen.detail) == (Failure.DNS_NXDOMAIN, "nim.example: no")
    seen = run.ask(run.nim("GET", "/x"), expected=(200,))
    assert seen.failure is Failure.SUBMIT_UNAUTHORIZED
    assert seen.detail == "nim.example answered 401 instead of 200: who?"


def test_a_download_needs_no_json_and_a_batch_answer_none(script: Script) -> None:
    body = Answer(status=200, headers={}, body=b"", elapsed_s=0.0, sent=0, received=0)
    run = script(body)
    assert run.ask(run.nim("GET", "/x"), expected=(200,), into=run.report).failure is None
    assert run.ask(run.nim("GET", "/x"), expected=(200,), wants_json=False).failure is None
    assert run.ask(run.nim("GET", "/x"), expected=(200,)).failure is Failure.SUBMIT_UNEXPECTED_ANSWER


def test_polling_ends_when_it_is_done_failed_or_late(script: Script) -> None:
    run = script(answer(200, n=1), answer(200, n=2), answer(200, n=3))
    seen = run.poll(lambda: run.ask(run.nim("GET", "/x"), expected=(200,)), lambda seen: seen.data["n"] == 3)
    assert (seen.failure, seen.told["looks"]) == (None, 3)
    run = script(answer(200, n=1), answer(404))
    seen = run.poll(lambda: run.ask(run.nim("GET", "/x"), expected=(200,)), lambda _: False)
    assert (seen.failure, seen.told["looks"]) == (Failure.SUBMIT_REFUSED, 2)
    run = script(answer(200, n=1))
    seen = run.poll(lambda: run.ask(run.nim("GET", "/x"), expected=(200,)), lambda _: False)
    assert seen.failure is Failure.SUBMIT_TIMEOUT
    assert cast("int", seen.told["looks"]) > 1


def test_no_secret_and_no_escape_comes_back_out_of_what_others_say(script: Script) -> None:
    basic = base64.b64encode(b"admin:marked-password").decode()
    said = f"\x1b[2J {TOKEN} {PASSWORD} {basic} {OTHER} " + "z" * 500
    run = script(answer(400, message=said))
    run.vendor("GET", "https://product.connect.nginx.com/", token=OTHER)
    seen = run.ask(run.nim("GET", "/x"), expected=(200,))
    shown = f"{seen!r} {seen.detail} {seen.told}"
    assert seen.failure is Failure.SUBMIT_REFUSED
    assert not [word for word in ("marked", basic, "other-token", "\x1b") if word in shown]
    assert len(seen.detail) <= 200
    assert "marked" not in repr(run.site) + repr(run) + repr(run.nim("GET", "/x"))


def test_every_attempt_stands_in_the_evidence(script: Script) -> None:
    cut = Trouble(failure=Failure.HTTP_CLOSED, detail="cut", sent=True)
    run = script(answer(503), cut, answer(202, message="taken"))
    seen = run.ask(run.vendor("POST", "https://product.apis.f5.com/x"), expected=(202,))
    assert (seen.failure, seen.told["attempts"]) == (None, 3)
    assert [one.get("status", one.get("failure")) for one in seen.tries] == [503, "http_closed", 202]
    assert [one["sent"] for one in seen.tries[1:2]] == [True]
    assert all(cast("float", one["waited_s"]) > 0 for one in seen.tries[:2])
    assert "waited_s" not in seen.tries[2]


def test_a_download_that_broke_off_begins_anew(script: Script) -> None:
    run = script(answer(503), Answer(status=200, headers={}, body=b"", elapsed_s=0.0, sent=0, received=2))
    seen = run.ask(run.nim("GET", "/x"), expected=(200,), into=run.report)
    run.report.seek(0)
    assert (seen.failure, run.report.read()) == (None, b"PK"), "what the first attempt wrote is gone"


@pytest.mark.parametrize(("wants_json", "failure"), [(True, Failure.HTTP_CLOSED), (False, None)])
def test_a_taken_upload_whose_answer_broke_off_is_sent_once(
    *, script: Script, wants_json: bool, failure: Failure | None
) -> None:
    cut = Trouble(failure=Failure.HTTP_CLOSED, detail="cut", sent=True, whole=True, status=200)
    run = script(cut, answer(200))
    upload = run.vendor("POST", "https://product.apis.f5.com/x")
    seen = run.ask(upload, expected=(200,), wants_json=wants_json)
    assert (seen.failure, len(seen.tries), seen.status) == (failure, 1, 200)
    assert seen.detail == ("product.apis.f5.com: cut, after status 200" if failure else "")
