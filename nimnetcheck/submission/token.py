"""A JSON web token from outside: its shape and what stands in it, unverified."""

from __future__ import annotations

import re

MAX_BYTES = 64 * 1024
SEGMENTS = 3
TOKEN = re.compile(r"[A-Za-z0-9_-]+={0,2}\.[A-Za-z0-9_-]+={0,2}\.[A-Za-z0-9_-]*={0,2}")


def objection(token: str) -> str:
    """Why this cannot be a signed token, judged by its outside; empty when it can."""
    if not token:
        return "empty"
    if len(token) > MAX_BYTES:
        return f"longer than {MAX_BYTES // 1024} KiB: no licence is"
    segments = token.count(".") + 1
    if segments != SEGMENTS:
        return f"{segments} segments instead of {SEGMENTS}: not a JWT"
    return "" if TOKEN.fullmatch(token) else "characters that base64url does not have"


def parts(token: str) -> tuple[dict[str, object], dict[str, object]]:
    """Header and claims, unverified; both empty when they cannot be read."""
    import jwt  # noqa: PLC0415 (cryptography comes with it; only a real token is worth the wait)

    try:
        complete = jwt.api_jwt.decode_complete(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        return {}, {}
    return complete["header"], complete["payload"]
