"""What F5 says of a bulk report is taken at its word, all of it and no more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Callable

import pytest

from nimnetcheck.model import Failure
from nimnetcheck.submission.bulk import STEPS
from nimnetcheck.submission.messages import Answer

if TYPE_CHECKING:
    from nimnetcheck.submission.session import Session


def answer(status: int, **fields: Any) -> Answer:  # noqa: ANN401 (any JSON)
    return Answer(status=status, headers={}, body=json.dumps(fields).encode(), elapsed_s=0.0, sent=0, received=0)


def progress(complete: object, successful: object, *, ready: object) -> Answer:
    return answer(200, percentageComplete=complete, percentageSuccessful=successful, readyForDownload=ready)


@pytest.mark.parametrize(
    ("outcomes", "failure"),
    [
        (
            (
                progress(0, 0, ready=False),
                progress(50, 50, ready=False),
                progress(100, 100, ready=False),
                progress(100, 100, ready=True),
            ),
            None,
        ),
        ((progress("0", "0", ready="false"), progress("100", "100", ready="true")), None),
        ((progress(100, 99, ready=True),), Failure.SUBMIT_INCOMPLETE),
        ((progress(50, 0, ready=False),), Failure.SUBMIT_TIMEOUT),
        ((progress(100, 100, ready=False),), Failure.SUBMIT_TIMEOUT),
        ((answer(200, percentageComplete=100),), Failure.SUBMIT_UNEXPECTED_ANSWER),
        ((progress(50, 50, ready=False), answer(404)), Failure.SUBMIT_REFUSED),
    ],
)
def test_processed_means_every_record_taken_and_ready(
    script: Callable[..., Session], outcomes: tuple[Answer, ...], failure: Failure | None
) -> None:
    (seen,) = STEPS[1].act(script(*outcomes))
    assert seen.failure is failure
