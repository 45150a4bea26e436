"""Refused credentials, a refused submission and an unfinished one are told apart, and NIM's refusal from F5's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import pytest

from nimnetcheck.diagnosis.causes import find
from nimnetcheck.diagnosis.context import Context
from nimnetcheck.model import Failure, Rung
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code

if TYPE_CHECKING:
    from nimnetcheck.model import Observation

F5 = "https://product.connect.nginx.com/api/nginx-usage/batch"
NIM = "https://nim.example/api/platform/v1/report/device_mode"
LICENCE = attrs.evolve(seen("host", None, rung=Rung.HOST), title="Licence")


def refused(failure: Failure, status: int, url: str = F5) -> Observation:
    step = seen("flow", None, failure, Rung.SUBMIT)
    return attrs.evolve(step, evidence={"request": {"url": url}, "response": {"status": status}})


def test_a_token_that_changes_nothing_behind_an_inspector_may_be_removed_there() -> None:
    step = refused(Failure.SUBMIT_UNAUTHORIZED, 401)

    def answered(said: str) -> Observation:
        response = {"status": 401, "inspected_by": "CN=Middle Box", "without_authorization": said}
        return attrs.evolve(step, evidence={**step.evidence, "response": response})

    assert code(answered("the same answer"), LICENCE) == "auth.header-stripped"
    assert code(answered("another answer"), LICENCE) == "auth.rejected-valid-token"
    assert code(step) == "auth.rejected"
    (cause,) = find(Context(observations=(answered("the same answer"),)))
    assert cause.entry.proof
    assert "CN=Middle Box" in cause.entry.proof(cause.seen[0], Context(observations=()))


@pytest.mark.parametrize(
    ("failure", "status", "url", "expected"),
    [
        (Failure.SUBMIT_UNAUTHORIZED, 401, F5, "auth.rejected"),
        (Failure.SUBMIT_UNAUTHORIZED, 401, NIM, "auth.nim-login"),
        (Failure.SUBMIT_REFUSED, 413, F5, "http.body-limit-or-dlp"),
        (Failure.SUBMIT_REFUSED, 405, F5, "http.method-blocked"),
        (Failure.SUBMIT_REFUSED, 501, F5, "http.method-blocked"),
        (Failure.HTTP_BLOCK_PAGE, 413, F5, "http.body-limit-or-dlp"),
        (Failure.HTTP_BLOCK_PAGE, 405, F5, "http.method-blocked"),
        (Failure.HTTP_BLOCK_PAGE, 403, F5, "http.block-page"),
        (Failure.SUBMIT_REFUSED, 404, F5, "http.wrong-endpoint-generation"),
        (Failure.SUBMIT_REFUSED, 404, NIM, "submit.rejected"),
        (Failure.SUBMIT_REFUSED, 400, F5, "submit.rejected"),
        (Failure.SUBMIT_UNEXPECTED_ANSWER, 202, F5, "http.not-really-f5"),
        (Failure.SUBMIT_UNEXPECTED_ANSWER, 202, NIM, "submit.rejected"),
        (Failure.SUBMIT_UNEXPECTED_ANSWER, 200, f"{F5}/download/1", "submit.rejected"),
        (Failure.SUBMIT_UNEXPECTED_ANSWER, 100, F5, "submit.rejected"),
        (Failure.SUBMIT_INCOMPLETE, 200, F5, "submit.accepted-not-processed"),
        (Failure.SUBMIT_UNCERTAIN, 0, F5, "submit.uncertain"),
    ],
)
def test_the_status_and_who_gave_it_decide(failure: Failure, status: int, url: str, expected: str) -> None:
    assert code(refused(failure, status, url)) == expected


def test_a_page_that_answers_a_probe_says_nothing_of_uploads() -> None:
    for status in (405, 413):
        page = seen("usage", "192.0.2.1", Failure.HTTP_BLOCK_PAGE, Rung.HTTP, evidence={"status": status})
        assert code(page) == "http.block-page"


def test_a_token_that_looks_good_is_told_from_one_that_was_not_looked_at() -> None:
    step = refused(Failure.SUBMIT_UNAUTHORIZED, 401)
    assert code(step, LICENCE) == "auth.rejected-valid-token"
    broken = attrs.evolve(seen("host", None, Failure.LICENCE_STRAY_WHITESPACE, Rung.HOST), title="Licence")
    assert code(step, broken) == "auth.rejected"


def test_a_broken_licence_explains_the_refusal() -> None:
    broken = attrs.evolve(seen("host", None, Failure.LICENCE_STRAY_WHITESPACE, Rung.HOST), title="Licence")
    (cause,) = find(Context(observations=(broken, refused(Failure.SUBMIT_UNAUTHORIZED, 401))))
    assert (cause.entry.code, cause.explains) == ("jwt.whitespace", ("auth.rejected",))
