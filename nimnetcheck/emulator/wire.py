"""What goes wrong with a request on the wire, whatever it asks for: each effect stands in for the application."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Callable

from starlette.responses import HTMLResponse

from nimnetcheck.emulator.connection import connection_of
from nimnetcheck.emulator.refusal import refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

CUT_BYTES = 1024
BYTE_S = 0.0005
FLUSH_S = 0.01
RETRY_AFTER_S = 1
SUCCESSES = range(200, 300)
PAGE = "<html><title>Sign in</title><p>This network asks you to sign in.</p></html>"

Effect = Callable[["ASGIApp", "Scope", "Receive", "Send"], Awaitable[None]]


def status(code: int) -> Effect:
    """Answer with this status; a refusal is in words of our own, since no error body of the vendor is published."""

    async def succeed(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        async def replaced(message: Message) -> None:
            is_success = message["type"] == "http.response.start" and message["status"] in SUCCESSES
            await send({**message, "status": code} if is_success else message)

        await app(scope, receive, replaced)

    async def refuse(_app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        await refusal(code, "a fault that was asked for")(scope, receive, send)

    return succeed if code in SUCCESSES else refuse


async def _cut(_app: ASGIApp, scope: Scope, receive: Receive, _send: Send) -> None:
    taken = 0
    while taken < CUT_BYTES:
        message = await receive()
        taken += len(message.get("body", b""))
        if not message.get("more_body"):
            break
    connection_of(scope).cut()


async def _reset(_app: ASGIApp, scope: Scope, receive: Receive, _send: Send) -> None:
    await receive()
    connection_of(scope).reset()


async def _stall(_app: ASGIApp, _scope: Scope, receive: Receive, _send: Send) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _slow_headers(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """A head that comes byte by byte."""
    connection = connection_of(scope)

    async def slow(message: Message) -> None:
        connection.byte_s = BYTE_S if message["type"] == "http.response.start" else 0.0
        await send(message)

    await app(scope, receive, slow)


async def _truncated(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Announce the whole answer, send half of it, and close."""

    async def halved(message: Message) -> None:
        if message["type"] == "http.response.body":
            body = message.get("body", b"")
            await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
            await asyncio.sleep(FLUSH_S)  # let it leave before the connection ends
            connection_of(scope).cut()
        else:
            await send(message)

    await app(scope, receive, halved)


async def _wrong_type(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    async def mislabelled(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [(name, value) for name, value in message["headers"] if name.lower() != b"content-type"]
            message = {**message, "headers": [*kept, (b"content-type", b"application/octet-stream")]}
        await send(message)

    await app(scope, receive, mislabelled)


async def _twice(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """A second copy of the answer on the same connection, as a confused middlebox sends it; HTTP/1.1 only."""
    connection = connection_of(scope)
    connection.keeping = scope["http_version"] == "1.1"
    await app(scope, receive, send)
    connection.repeat()


async def _later(_app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    answer = refusal(503, "come back later")
    answer.headers["retry-after"] = str(RETRY_AFTER_S)
    await answer(scope, receive, send)


async def _html(_app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await HTMLResponse(PAGE)(scope, receive, send)


_TABLE: tuple[tuple[str, str, Effect], ...] = (
    ("cut", f"the connection is closed after {CUT_BYTES} bytes of the upload", _cut),
    ("reset", "the connection is reset", _reset),
    ("stall", "no answer ever comes", _stall),
    ("slow-headers", "the head of the answer comes byte by byte", _slow_headers),
    ("cut-answer", "half of the answer comes, then the connection is closed", _truncated),
    ("wrong-type", "the answer's type is application/octet-stream", _wrong_type),
    ("html", "a web page with 200 in place of the answer", _html),
    ("twice", "the answer comes twice", _twice),
    ("retry-after", f"HTTP 503 with Retry-After: {RETRY_AFTER_S}", _later),
)
EFFECTS: Mapping[str, Effect] = {name: effect for name, _, effect in _TABLE}
WORDS: Mapping[str, str] = {name: words for name, words, _ in _TABLE}
