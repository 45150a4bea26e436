"""A refusal is JSON in the form of the NIM's documented error pages."""

from __future__ import annotations

import json

from nimnetcheck.emulator.refusal import refusal, unauthorized


def test_a_refusal_has_code_and_message() -> None:
    answer = refusal(502, "Upstream Unavailable")
    assert answer.status_code == 502
    assert json.loads(bytes(answer.body)) == {"code": 502, "message": "Upstream Unavailable"}


def test_a_refused_token_is_told_from_none() -> None:
    refused, missing = unauthorized("Bearer x"), unauthorized("")
    assert refused.status_code == missing.status_code == 401
    assert bytes(refused.body) == bytes(missing.body)
    assert refused.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    assert missing.headers["www-authenticate"] == "Bearer"
