"""The flow of NIM 2.22: every usage file is sent once under its own token, and tried again only where that can help."""

from __future__ import annotations

import io
from functools import partial
from typing import TYPE_CHECKING, Callable

import pytest

from nimnetcheck.emulator import running
from nimnetcheck.model import Failure, Outcome
from nimnetcheck.submission import FLOWS, Site, export, nim_2_21_disconnected, usage
from nimnetcheck.submission.messages import Answer, Trouble
from nimnetcheck.submission.nim_2_22_disconnected import STEPS

if TYPE_CHECKING:
    from nimnetcheck.submission.messages import Outcome as Called
    from nimnetcheck.submission.session import Session

FLOW = FLOWS["nim-2.22-disconnected"]
RESET = Trouble(failure=Failure.HTTP_CLOSED, detail="reset", sent=True)
UNTRUSTED = Trouble(failure=Failure.TLS_UNTRUSTED, detail="untrusted")


def answer(status: int, body: bytes = b"") -> Answer:
    return Answer(status=status, headers={}, body=body, elapsed_s=0.0, sent=0, received=len(body))


def exported(session: Session, files: int) -> Session:
    file = io.BytesIO()
    usage.write_export_2_22(file, files, ("one.marked.token",), batch=1)
    session.usages = export.walk(file).usages
    return session


def test_each_file_is_one_post_in_the_documented_order(monkeypatch: pytest.MonkeyPatch) -> None:
    several = partial(usage.write_export_2_22, batch=4)
    monkeypatch.setattr("nimnetcheck.emulator.nim.reports.write_export_2_22", several)
    with running(nim_version="2.22.0", instances=20) as vendor:
        seen = list(FLOW.run(Site.emulated(vendor)))
        arrived = [(one.method, one.path, one.status) for one in vendor.requests]
    assert all(observation.outcome is Outcome.PASSED for observation in seen)
    assert arrived == [
        ("GET", "/api/platform/v1/report/device_mode", 200),
        ("GET", "/api/platform/v1/report/download", 200),
        *[("POST", "/api/nginx-usage/batch", 200)] * 5,
    ]
    assert [observation.evidence["step"] for observation in seen] == [1, 2, 3, 4, 4, 4, 4, 4]


def test_an_export_of_an_older_nim_is_refused_and_nothing_is_sent() -> None:
    with running(nim_version="2.21.0") as vendor:
        site = Site.emulated(vendor)
        list(nim_2_21_disconnected.FLOW.run(site))  # gives it the licence that its report is for
        before = len(vendor.requests)
        seen = list(FLOW.run(site))
        hosts = {one.host for one in vendor.requests[before:]}
    assert [observation.failure for observation in seen] == [None, None, Failure.SUBMIT_UNEXPECTED_ANSWER, None]
    assert seen[3].outcome is Outcome.SKIPPED
    assert hosts == {"nim.example"}


@pytest.mark.parametrize(
    ("outcomes", "attempts", "failure"),
    [
        ((answer(200),), 1, None),
        ((answer(201),), 1, None),
        ((answer(204),), 1, None),
        ((answer(503), RESET, answer(429), answer(204)), 4, None),
        ((answer(503),), 5, Failure.HTTP_STATUS),
        ((RESET,), 5, Failure.HTTP_CLOSED),
        ((answer(400),), 1, Failure.SUBMIT_REFUSED),
        ((answer(401),), 1, Failure.SUBMIT_UNAUTHORIZED),
        ((answer(403),), 1, Failure.SUBMIT_UNAUTHORIZED),
        ((answer(413),), 1, Failure.SUBMIT_REFUSED),
        ((answer(200, b"<html>sign in"),), 1, Failure.HTTP_BLOCK_PAGE),
        ((UNTRUSTED,), 1, Failure.TLS_UNTRUSTED),
    ],
)
def test_only_what_may_pass_is_tried_again_and_at_most_five_times(
    script: Callable[..., Session], outcomes: tuple[Called, ...], attempts: int, failure: Failure | None
) -> None:
    (seen,) = STEPS[3].act(exported(script(*outcomes), 1))
    assert (len(seen.tries), seen.failure) == (attempts, failure)


def test_a_refused_file_does_not_keep_the_others_back(script: Callable[..., Session]) -> None:
    seen = list(STEPS[3].act(exported(script(answer(200), answer(413), answer(200)), 3)))
    assert [one.failure for one in seen] == [None, Failure.SUBMIT_REFUSED, None]
    assert len({one.told["file"] for one in seen}) == 3
    assert "marked" not in repr(seen)
