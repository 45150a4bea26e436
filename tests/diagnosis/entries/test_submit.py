"""Refused credentials, a refused submission and an unfinished one are told apart."""

from __future__ import annotations

import pytest

from nimnetcheck.model import Failure, Rung
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code


@pytest.mark.parametrize(
    ("failure", "rung", "expected"),
    [
        (Failure.SUBMIT_UNAUTHORIZED, Rung.SUBMIT, "auth.rejected"),
        (Failure.SUBMIT_REFUSED, Rung.SUBMIT, "submit.rejected"),
        (Failure.SUBMIT_INCOMPLETE, Rung.SUBMIT, "submit.accepted-not-processed"),
    ],
)
def test_a_failure_alone_has_its_plain_meaning(failure: Failure, rung: Rung, expected: str) -> None:
    assert code(seen("usage", "192.0.2.1", failure, rung)) == expected
