"""The times and places in a licence, at their edges."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from nimnetcheck.model import Failure
from nimnetcheck.submission.claims import end_of, realm, shown, term, unsigned, whitespace

NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
DAY = timedelta(days=1)
JKU = "https://product.apis.f5.com/ee/v1/keys/jwks"
CLAIMS = {"iss": "F5 Inc.", "aud": "urn:f5:teem"}


def names(**times: datetime) -> list[Failure]:
    claims = {key: int(moment.timestamp()) for key, moment in times.items()}
    return [problem.failure for problem in term(claims, NOW)]


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (NOW + 31 * DAY, []),
        (NOW + 30 * DAY, [Failure.LICENCE_NEAR_EXPIRY]),
        (NOW + DAY, [Failure.LICENCE_NEAR_EXPIRY]),
        (NOW, [Failure.LICENCE_IN_GRACE]),
        (NOW - 90 * DAY, [Failure.LICENCE_IN_GRACE]),
        (NOW - 91 * DAY, [Failure.LICENCE_EXPIRED]),
    ],
)
def test_the_end_is_held_against_thirty_days_before_and_ninety_after(end: datetime, expected: list[Failure]) -> None:
    assert names(f5_sat=end) == expected


def test_a_small_difference_of_clocks_is_no_future() -> None:
    assert names(iat=NOW + timedelta(minutes=4)) == []
    assert names(iat=NOW + timedelta(minutes=6)) == [Failure.LICENCE_FROM_FUTURE]
    assert names(nbf=NOW + DAY, iat=NOW - DAY) == [Failure.LICENCE_FROM_FUTURE]


def test_the_subscription_s_end_counts_before_the_token_s() -> None:
    assert end_of({"f5_sat": 86400, "exp": 0}) == datetime(1970, 1, 2, tzinfo=timezone.utc)
    assert end_of({"exp": 86400}) == datetime(1970, 1, 2, tzinfo=timezone.utc)
    assert end_of({"exp": "soon"}) is None


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ({"jku": JKU}, []),
        ({}, []),
        ({"jku": "https://product-tst.apis.f5networks.net/x"}, [Failure.LICENCE_TEST_REALM]),
        ({"jku": "https://apis.f5.com.evil.example/"}, [Failure.LICENCE_WRONG_ISSUER]),
        ({"jku": "https://[::1"}, [Failure.LICENCE_WRONG_ISSUER]),
    ],
)
def test_the_realm_is_where_the_keys_are(header: dict[str, object], expected: list[Failure]) -> None:
    assert [problem.failure for problem in realm(header, CLAIMS)] == expected


def test_a_token_needs_a_signature() -> None:
    assert unsigned({"alg": "RS512"}) is None
    assert unsigned({"alg": "None"}) is not None
    assert unsigned({"alg": 5}) is not None


def test_every_byte_of_the_file_counts() -> None:
    assert [*whitespace("token", "token")] == []
    assert ["around" in problem.detail for problem in whitespace("token\n", "token")] == [True]


def test_a_claim_is_shown_short_and_harmless() -> None:
    assert shown("\x1b[2J" + "x" * 500) == "?[2J" + "x" * 124
    assert (shown(None), shown(5)) == ("", "5")
