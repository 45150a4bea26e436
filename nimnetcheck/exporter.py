"""A page of metrics over HTTP: one short request, one answer, and the connection is closed."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Callable

import h11

from nimnetcheck import __version__
from nimnetcheck.errors import InputError
from nimnetcheck.net import listen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.net import Steps
    from nimnetcheck.net.stream import Stream

    Answer = tuple[int, str, str]

MAX_HEAD = 8192
METRICS = "/metrics"
FORMAT = "text/plain; version=0.0.4; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"


@contextmanager
def serving(address: str, port: int, page: Callable[[], str]) -> Iterator[tuple[str, int]]:
    """Serve the page until the block ends; the address and port in force. Raises InputError where it cannot."""
    try:
        with listen.serving(address, port, partial(_talk, page)) as where:
            yield where
    except OSError as error:
        raise InputError(f"--listen {address}:{port}: {error.strerror}") from error


def answer(method: str, target: str, page: str) -> Answer:
    """Status, content type and body for one request; pure. An empty page is one that is not there yet."""
    if method not in ("GET", "HEAD"):
        return 405, PLAIN, "only GET\n"
    path = target.partition("?")[0]
    if path == "/":
        return 200, PLAIN, f"nimnetcheck {__version__}: metrics are at {METRICS}\n"
    if path != METRICS:
        return 404, PLAIN, f"nothing but {METRICS}\n"
    return (200, FORMAT, page) if page else (503, PLAIN, "the first run is not over\n")


def _talk(page: Callable[[], str], stream: Stream, until: float) -> Steps[None]:
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD)
    try:
        request = yield from _request(connection, stream, until)
    except h11.RemoteProtocolError as error:
        refused = (error.error_status_hint, PLAIN, "that is no request\n")
        yield from stream.send(_written(connection, refused), until)
        return
    if request:
        method, target = request.method.decode("latin-1"), request.target.decode("latin-1")
        answered = answer(method, target, page())
        yield from stream.send(_written(connection, answered, bare=method == "HEAD"), until)


def _request(connection: h11.Connection, stream: Stream, until: float) -> Steps[h11.Request | None]:
    """The head of a request; None where the other side left before it."""
    while True:
        event = connection.next_event()
        if isinstance(event, h11.Request):
            return event
        if event is not h11.NEED_DATA:
            return None
        connection.receive_data((yield from stream.receive(until)))


def _written(connection: h11.Connection, answered: Answer, *, bare: bool = False) -> bytes:
    """An answer as bytes; a bare one has no body, as HEAD wants it."""
    status, kind, body = answered
    data = body.encode()
    headers = [("Content-Type", kind), ("Content-Length", str(len(data))), ("Connection", "close")]
    head = h11.Response(status_code=status, headers=headers, reason=HTTPStatus(status).phrase)
    events = (head, *([] if bare else [h11.Data(data=data)]), h11.EndOfMessage())
    return b"".join(connection.send(event) or b"" for event in events)
