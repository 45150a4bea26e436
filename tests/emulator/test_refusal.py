"""A refusal is JSON in the form of the NIM's documented error pages."""

from __future__ import annotations

import json

from nimnetcheck.emulator.refusal import refusal


def test_a_refusal_has_code_and_message() -> None:
    answer = refusal(502, "Upstream Unavailable")
    assert answer.status_code == 502
    assert json.loads(bytes(answer.body)) == {"code": 502, "message": "Upstream Unavailable"}
