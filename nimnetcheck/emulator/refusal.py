"""A refusal in words of the emulator's own."""

from __future__ import annotations

from starlette.responses import JSONResponse


def refusal(status: int, words: str) -> JSONResponse:
    """A refusal in words; the vendor's own error bodies are not published, so no client may depend on this one."""
    return JSONResponse({"code": status, "message": words}, status_code=status)


def unauthorized(authorization: str) -> JSONResponse:
    """The refusal of a token, or of the lack of one; the header tells the two apart, as RFC 6750 (3.1) has it."""
    answer = refusal(401, "a Bearer token of the subscription is needed")
    answer.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"' if authorization else "Bearer"
    return answer
