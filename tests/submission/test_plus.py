"""A report of NGINX Plus has the documented fields, and hours that follow each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

import pytest

from nimnetcheck.emulator.usage_report import FIELDS
from nimnetcheck.model import Failure
from nimnetcheck.submission import plus
from nimnetcheck.submission.messages import Answer

if TYPE_CHECKING:
    from nimnetcheck.submission.session import Session


def test_each_hour_begins_where_the_last_one_ended() -> None:
    first, second = plus.record(0), plus.record(1)
    assert set(first) == FIELDS
    assert second["start_time"] == first["end_time"]
    assert second["uuid"] == first["uuid"]


@pytest.mark.parametrize(("status", "failure"), [(200, None), (204, None), (401, Failure.SUBMIT_UNAUTHORIZED)])
def test_the_status_is_all_that_counts(script: Callable[..., Session], status: int, failure: Failure | None) -> None:
    session = script(Answer(status=status, headers={}, body=b"", elapsed_s=0, sent=0, received=0))
    assert plus.ask(session, plus.to_f5(session)).failure is failure


def test_to_a_nim_goes_the_same_with_the_same_token(script: Callable[..., Session]) -> None:
    session = script()
    there, here = plus.to_f5(session), plus.to_nim(session)
    assert (here.json, here.authorization) == (there.json, there.authorization)
    assert here.url == "https://nim.example/api/nginx-usage"
    assert "marked" not in repr(here)
