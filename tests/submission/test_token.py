"""A token is judged by its outside, and read without being believed."""

from __future__ import annotations

import base64

import jwt
import pytest

from nimnetcheck.submission import token

KEY = "a key of at least thirty-two bytes"


def test_a_token_has_three_parts_and_can_be_read() -> None:
    text = jwt.encode({"sub": "someone"}, KEY, algorithm="HS256")
    assert token.objection(text) == ""
    header, claims = token.parts(text)
    assert (header["alg"], claims) == ("HS256", {"sub": "someone"})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("a.b", "2 segments"),
        ("a.b.c\r\nX-Evil: 1", "base64url"),
        ("a..c", "base64url"),
        ("a" * (token.MAX_BYTES + 1), "64 KiB"),
    ],
)
def test_what_no_header_may_hold_is_no_token(text: str, words: str) -> None:
    assert words in token.objection(text)


def test_parts_that_are_not_json_objects_are_empty() -> None:
    head = base64.urlsafe_b64encode(b'{"alg":"RS512"}').decode()
    for body in (b"{", b"[1]", b"\xff", b"[" * 40_000):
        assert token.parts(f"{head}.{base64.urlsafe_b64encode(body).decode()}.c2ln") == ({}, {})
