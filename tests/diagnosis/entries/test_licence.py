"""Each way in which a licence file is wrong has its own meaning."""

from __future__ import annotations

import pytest

from nimnetcheck.model import Failure, Rung
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code


@pytest.mark.parametrize(
    ("failure", "rung", "expected"),
    [
        (Failure.LICENCE_UNREADABLE, Rung.HOST, "jwt.unreadable"),
        (Failure.LICENCE_MALFORMED, Rung.HOST, "jwt.malformed"),
        (Failure.LICENCE_STRAY_WHITESPACE, Rung.HOST, "jwt.whitespace"),
        (Failure.LICENCE_WRONG_ISSUER, Rung.HOST, "jwt.wrong-product"),
        (Failure.LICENCE_TEST_REALM, Rung.HOST, "jwt.test-realm"),
        (Failure.LICENCE_WRONG_LABEL, Rung.HOST, "jwt.label"),
        (Failure.LICENCE_FROM_FUTURE, Rung.HOST, "jwt.future"),
        (Failure.LICENCE_IN_GRACE, Rung.HOST, "jwt.grace"),
        (Failure.LICENCE_EXPIRED, Rung.HOST, "jwt.expired"),
        (Failure.LICENCE_NEAR_EXPIRY, Rung.HOST, "jwt.near-expiry"),
    ],
)
def test_a_failure_alone_has_its_plain_meaning(failure: Failure, rung: Rung, expected: str) -> None:
    assert code(seen("usage", "192.0.2.1", failure, rung)) == expected
