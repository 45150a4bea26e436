"""A refusal in words of the emulator's own."""

from __future__ import annotations

from starlette.responses import JSONResponse


def refusal(status: int, words: str) -> JSONResponse:
    """A refusal in words; the vendor's own error bodies are not published, so no client may depend on this one."""
    return JSONResponse({"code": status, "message": words}, status_code=status)
