"""One NGINX Plus instance's hourly report, as its mgmt block sends it to the vendor or to a NIM."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nimnetcheck.emulator.refusal import refusal, unauthorized

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from nimnetcheck.emulator.authority import Authority

MAX_BYTES = 1 << 20
# The fields that F5 documents as "reported usage data".
FIELDS = frozenset(
    ("version", "uuid", "nap", "http", "stream", "workers", "uptime", "reloads", "start_time", "end_time")
)


async def take(request: Request, authority: Authority) -> Mapping[str, object] | Response:
    """The record, or the refusal of what is none: no token, no JSON, or a documented field that is missing."""
    given = request.headers.get("authorization", "")
    if not authority.accepts(given):
        return unauthorized(given)
    if int(request.headers.get("content-length", "0") or 0) > MAX_BYTES:
        return refusal(413, "one record is smaller")
    try:
        record = json.loads(await request.body())
    except (ValueError, RecursionError):
        return refusal(400, "the body is no JSON")
    missing = sorted(FIELDS - set(record)) if isinstance(record, dict) else sorted(FIELDS)
    if missing:
        return refusal(400, f"missing: {', '.join(missing)}")
    found: Mapping[str, object] = record
    return found
