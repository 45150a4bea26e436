"""Requests and answers can be shown without what must not be shown."""

from __future__ import annotations

from nimnetcheck.submission.messages import Answer, Request


def test_credentials_and_bodies_stay_out_of_reprs() -> None:
    request = Request(method="POST", url="https://x/", authorization="Bearer marked", json={"content": "marked"})
    answer = Answer(status=200, headers={}, body=b"marked", elapsed_s=0.0, sent=0, received=6)
    assert "marked" not in repr(request) + repr(answer)
