"""A licence is decoded and judged without being shown."""

from __future__ import annotations

import base64
import json
import os
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimnetcheck.model import Failure, Outcome
from nimnetcheck.submission import licence

if TYPE_CHECKING:
    from pathlib import Path

    from nimnetcheck.submission.licence import Reading

NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
YEAR = timedelta(days=365)
HEADER = {"alg": "RS512", "typ": "JWT", "kid": "v1", "jku": "https://product.apis.f5.com/ee/v1/keys/jwks"}
CLAIMS = {"sub": "A-S00012345", "iss": "F5 Inc.", "aud": "urn:f5:teem", "f5_sat": int((NOW + YEAR).timestamp())}
SIGNATURE = base64.urlsafe_b64encode(b"signature").decode().rstrip("=")


def segment(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def token(header: object = HEADER, **changes: object) -> str:
    return f"{segment(header)}.{segment({**CLAIMS, **changes})}.{SIGNATURE}"


def decode(text: str) -> Reading:
    return licence.decode(text, now=NOW)


def test_a_good_licence_shows_what_may_be_shown_and_hides_the_token() -> None:
    reading = decode(token())
    found = reading.licence
    assert found is not None
    assert reading.problems == ()
    assert (found.subject, found.jku) == ("A-S00012345", HEADER["jku"])
    assert found.subscription_end == NOW + YEAR
    assert len(found.sha256_12) == 12
    assert found.token == token()
    assert token() not in repr(reading)


@pytest.mark.parametrize(
    ("text", "failure", "words"),
    [
        ("", Failure.LICENCE_MALFORMED, "empty"),
        (" \n", Failure.LICENCE_MALFORMED, "empty"),
        ("one.two", Failure.LICENCE_MALFORMED, "2 segments"),
        ("a.b.c.d", Failure.LICENCE_MALFORMED, "4 segments"),
        ("a b.c!.d", Failure.LICENCE_MALFORMED, "base64url"),
        ("abc.abc.abc", Failure.LICENCE_MALFORMED, "base64 of JSON"),
        (token([1]), Failure.LICENCE_MALFORMED, "base64 of JSON"),
        ("a" * 70_000 + ".b.c", Failure.LICENCE_MALFORMED, "64 KiB"),
        (token({**HEADER, "alg": "none"}), Failure.LICENCE_MALFORMED, "alg none"),
        (token({**HEADER, "alg": "NonE"}), Failure.LICENCE_MALFORMED, "alg none"),
        (token(iss="Evil Inc."), Failure.LICENCE_WRONG_ISSUER, "Evil Inc."),
        (token(aud="urn:f5:other"), Failure.LICENCE_WRONG_ISSUER, "urn:f5:other"),
        (
            token({**HEADER, "jku": "https://product-tst.apis.f5networks.net/ee/v1/keys/jwks"}),
            Failure.LICENCE_TEST_REALM,
            "test realm",
        ),
        (
            token({**HEADER, "jku": "https://evil.example/?.apis.f5.com"}),
            Failure.LICENCE_WRONG_ISSUER,
            "evil.example",
        ),
        (token(f5_sat=int((NOW - YEAR).timestamp())), Failure.LICENCE_EXPIRED, "365 days ago"),
        (token(f5_sat=int(NOW.timestamp())), Failure.LICENCE_IN_GRACE, "90 days of grace are left"),
        (token(f5_sat=int((NOW - timedelta(days=91)).timestamp())), Failure.LICENCE_EXPIRED, "grace are over"),
        (token(f5_sat=None, exp=int((NOW - YEAR).timestamp())), Failure.LICENCE_EXPIRED, "365 days ago"),
        (token(iat=int((NOW + YEAR / 365).timestamp())), Failure.LICENCE_FROM_FUTURE, "2026-01-02"),
        (token(f5_sat=int((NOW + YEAR / 13).timestamp())), Failure.LICENCE_NEAR_EXPIRY, "in 28 days"),
        (token() + "\n", Failure.LICENCE_STRAY_WHITESPACE, "around"),
        ("\ufeff" + token(), Failure.LICENCE_STRAY_WHITESPACE, "byte order mark"),
        (token()[:40] + "\n" + token()[40:], Failure.LICENCE_STRAY_WHITESPACE, "inside"),
    ],
)
def test_each_thing_that_is_wrong_has_its_name(text: str, failure: Failure, words: str) -> None:
    reading = decode(text)
    assert reading.failure is failure
    assert words in reading.detail


@pytest.mark.parametrize("audience", ["urn:f5:teem", ["other", "urn:f5:teem"]])
def test_an_audience_may_be_one_of_several(audience: object) -> None:
    assert decode(token(aud=audience)).problems == ()


@pytest.mark.parametrize("end", [None, True, "soon", 1e300, -1e300, float("nan"), [1]])
def test_an_end_that_no_calendar_knows_is_unknown(end: object) -> None:
    found = decode(token(f5_sat=end)).licence
    assert found is not None
    assert found.subscription_end is None


def test_several_things_can_be_wrong_at_once() -> None:
    reading = decode(token(f5_sat=0) + "\n")
    assert [problem.failure for problem in reading.problems] == [
        Failure.LICENCE_EXPIRED,
        Failure.LICENCE_STRAY_WHITESPACE,
    ]


def test_claims_cannot_steer_the_terminal() -> None:
    found = decode(token(sub="\x1b[2J" + "x" * 1000)).licence
    assert found is not None
    assert found.subject.startswith("?[2J")
    assert len(found.subject) == 128


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "license.jwt"
    assert licence.read(path, now=NOW).failure is Failure.LICENCE_UNREADABLE
    assert licence.read(tmp_path, now=NOW).failure is Failure.LICENCE_UNREADABLE
    path.write_text(token())
    assert licence.read(path, now=NOW) == decode(token())
    for data, words in ((b"x" * 65_537, "64 KiB"), (token().encode("utf-16"), "UTF-16"), (b"\xff\x00\xff", "not text")):
        path.write_bytes(data)
        reading = licence.read(path, now=NOW)
        assert reading.failure is Failure.LICENCE_MALFORMED
        assert words in reading.detail


def test_a_check_says_what_the_file_is_worth_and_not_the_token(tmp_path: Path) -> None:
    path = tmp_path / "license.jwt"
    outcomes = {}
    for name, text in (("good", token()), ("spaced", token() + "\n"), ("old", token(f5_sat=0)), ("bad", "x")):
        path.write_text(text)
        (seen,) = licence.check(path, NOW)
        outcomes[name] = (seen.outcome, seen.failure, seen.required)
        assert token() not in repr(seen)
    assert outcomes == {
        "good": (Outcome.PASSED, None, True),
        "spaced": (Outcome.FAILED, Failure.LICENCE_STRAY_WHITESPACE, False),
        "old": (Outcome.FAILED, Failure.LICENCE_EXPIRED, True),
        "bad": (Outcome.FAILED, Failure.LICENCE_MALFORMED, True),
    }


def test_each_thing_that_is_wrong_is_an_observation(tmp_path: Path) -> None:
    path = tmp_path / "license.jwt"
    path.write_text(token(f5_sat=int((NOW + YEAR / 13).timestamp())) + "\n")
    assert [one.failure for one in licence.check(path, NOW)] == [
        Failure.LICENCE_STRAY_WHITESPACE,
        Failure.LICENCE_NEAR_EXPIRY,
    ]


@pytest.mark.parametrize(
    ("enforce", "context", "failure"),
    [
        ("1", "unconfined_u:object_r:user_home_t:s0", Failure.LICENCE_WRONG_LABEL),
        ("1", "system_u:object_r:httpd_config_t:s0", None),
        ("0", "unconfined_u:object_r:user_home_t:s0", None),
        ("1", "nonsense", Failure.LICENCE_WRONG_LABEL),
        (None, "unconfined_u:object_r:user_home_t:s0", None),
    ],
)
def test_the_label_counts_where_selinux_enforces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, enforce: str | None, context: str, failure: Failure | None
) -> None:
    switch = tmp_path / "enforce"
    if enforce:
        switch.write_text(enforce)
    monkeypatch.setattr(licence, "SELINUX_ENFORCE", switch)
    # A label can only be set where SELINUX runs, so the kernel's answer is given here.
    monkeypatch.setattr(os, "getxattr", lambda _path, _name: f"{context}\0".encode())
    path = tmp_path / "license.jwt"
    path.write_text(token())
    assert licence.check(path, NOW)[0].failure is failure


@given(st.text() | st.tuples(st.text(), st.text(), st.text()).map(".".join))
def test_hostile_text_is_refused_and_nothing_else(text: str) -> None:
    reading = decode(text)
    assert reading.licence is not None or reading.failure is Failure.LICENCE_MALFORMED


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(header=JSON, claims=JSON, known=st.dictionaries(st.sampled_from(["alg", "jku", "iss", "aud", "f5_sat"]), JSON))
def test_hostile_json_never_escapes_as_an_exception(header: object, claims: object, known: dict[str, object]) -> None:
    head = {**HEADER, **header, **known} if isinstance(header, dict) else header
    body = {**CLAIMS, **claims, **known} if isinstance(claims, dict) else claims
    reading = decode(f"{segment(head)}.{segment(body)}.{SIGNATURE}")
    assert reading.licence is not None or reading.failure is Failure.LICENCE_MALFORMED


def test_deep_nesting_is_refused() -> None:
    deep = base64.urlsafe_b64encode(b"[" * 40_000).decode().rstrip("=")
    assert decode(f"{segment(HEADER)}.{deep}.{SIGNATURE}").failure is Failure.LICENCE_MALFORMED
