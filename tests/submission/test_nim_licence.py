"""What a NIM says of its licence counts as documented: states, messages, versions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Callable

import pytest

from nimnetcheck.model import Failure
from nimnetcheck.submission import nim_licence
from nimnetcheck.submission.messages import Answer

if TYPE_CHECKING:
    from nimnetcheck.submission.session import Session


def answer(status: int, **fields: Any) -> Answer:  # noqa: ANN401 (any JSON)
    return Answer(status=status, headers={}, body=json.dumps(fields).encode(), elapsed_s=0.0, sent=0, received=0)


@pytest.mark.parametrize(
    ("outcome", "failure"),
    [
        (answer(200, message="Report uploaded successfully."), None),
        (answer(200, message="Report upload failed."), Failure.SUBMIT_UNEXPECTED_ANSWER),
        (answer(200), Failure.SUBMIT_UNEXPECTED_ANSWER),
        (answer(202, message="Report uploaded successfully."), Failure.SUBMIT_UNEXPECTED_ANSWER),
    ],
)
def test_both_status_and_message_say_that_nim_took_it(
    script: Callable[..., Session], outcome: Answer, failure: Failure | None
) -> None:
    (seen,) = nim_licence.give_back(script(outcome))
    assert seen.failure is failure


def test_nim_must_call_itself_licensed(script: Callable[..., Session]) -> None:
    for said, failure in ((True, None), (False, Failure.SUBMIT_INCOMPLETE), ("yes", Failure.SUBMIT_INCOMPLETE)):
        (seen,) = nim_licence.licensed(script(answer(200, licensed=said)))
        assert seen.failure is failure


@pytest.mark.parametrize(
    ("said", "failure"),
    [
        ("2.18.0", None),
        ("2.19", None),
        ("2.9.0", Failure.SUBMIT_UNEXPECTED_ANSWER),
        ("2.20.0", Failure.SUBMIT_UNEXPECTED_ANSWER),
        ("", Failure.SUBMIT_UNEXPECTED_ANSWER),
    ],
)
def test_versions_are_compared_as_numbers(script: Callable[..., Session], said: str, failure: Failure | None) -> None:
    (seen,) = nim_licence.version((2, 18), (2, 19))(script(answer(200, nim=said)))
    assert seen.failure is failure


def state(status: str) -> Answer:
    return answer(200, currentStatus={"state": {"currentInstance": {"status": status, "telemetry": "true"}}})


@pytest.mark.parametrize(
    ("outcomes", "failure"),
    [
        ((state("INITIALIZE_ACTIVATION"), state("CONFIG_REPORT_READY")), None),
        ((state("INITIALIZE_ACTIVATION"),), Failure.SUBMIT_TIMEOUT),
        ((answer(200, currentStatus=[]),), Failure.SUBMIT_TIMEOUT),
        ((answer(404),), Failure.SUBMIT_REFUSED),
    ],
)
def test_a_state_is_waited_for(
    script: Callable[..., Session], outcomes: tuple[Answer, ...], failure: Failure | None
) -> None:
    (seen,) = nim_licence.registered("CONFIG_REPORT_READY")(script(*outcomes))
    assert seen.failure is failure


def test_a_licence_that_is_there_already_is_none_of_a_failure_and_another_refusal_is(
    script: Callable[..., Session],
) -> None:
    (seen,) = nim_licence.add(script(answer(400, message="failed to register token. already registered")))
    assert seen.failure is None
    (seen,) = nim_licence.add(script(answer(400, message="no")))
    assert seen.failure is Failure.SUBMIT_REFUSED


def test_the_confirmation_names_every_feature_once(script: Callable[..., Session]) -> None:
    (seen,) = nim_licence.confirm(script(answer(200)), telemetry=False)
    assert seen.request is not None
    sent: Any = seen.request.json
    assert [feature["name"] for feature in sent["desiredState"]["features"]] == list(nim_licence.FEATURES)
    assert len(set(nim_licence.FEATURES)) == 9
    assert seen.request.url.endswith("/license?telemetry=false")
