"""A GET over HTTP/2, to the library's own server side and to what is none."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Callable

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import pytest

from nimnetcheck.failures import LateError
from nimnetcheck.net import drive, monotonic
from nimnetcheck.net.stream import connect
from nimnetcheck.probe import http2
from tests.probe.conftest import LOOPBACK

if TYPE_CHECKING:
    import socket

    from nimnetcheck.net import Steps
    from tests.probe.conftest import Bench, Handler

Answer = Callable[[h2.connection.H2Connection, int], None]


def got(bench: Bench, handler: Handler, patience_s: float = 5.0) -> int:
    port = bench.listen(handler)

    def steps() -> Steps[int]:
        until = monotonic() + patience_s
        stream = yield from connect(LOOPBACK, port, until)
        try:
            return (yield from http2.get(stream, "/api", "usage.example", "test/1", until))
        finally:
            stream.close()

    return drive(steps(), 10.0)


def serving(answer: Answer, asked: list[dict[bytes, bytes]] | None = None) -> Handler:
    """A server that answers each request so."""

    def handler(connection: socket.socket) -> None:
        spoken = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        spoken.initiate_connection()
        connection.sendall(spoken.data_to_send())
        with suppress(h2.exceptions.ProtocolError):  # what comes behind its own end
            while data := connection.recv(65536):
                for event in spoken.receive_data(data):
                    if isinstance(event, h2.events.RequestReceived):
                        if asked is not None:
                            asked.append(dict(event.headers or ()))
                        answer(spoken, event.stream_id or 0)
                connection.sendall(spoken.data_to_send())

    return handler


def test_any_status_is_an_answer(bench: Bench) -> None:
    asked: list[dict[bytes, bytes]] = []
    answer = serving(lambda spoken, stream: spoken.send_headers(stream, [(":status", "404")], end_stream=True), asked)
    assert got(bench, answer) == 404
    assert asked[0][b":path"] == b"/api"
    assert asked[0][b":authority"] == b"usage.example"
    assert asked[0][b"user-agent"] == b"test/1"


@pytest.mark.parametrize(
    "answer",
    [lambda spoken, stream: spoken.reset_stream(stream, 13), lambda spoken, _: spoken.close_connection(1)],
    ids=["the stream", "the connection"],
)
def test_what_the_other_side_ends_gets_no_answer(bench: Bench, answer: Answer) -> None:
    with pytest.raises(http2.Http2Error, match="error"):
        got(bench, serving(answer))


def test_http_1_is_no_answer_either(bench: Bench) -> None:
    def old(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    with pytest.raises(http2.Http2Error, match="400 Bad Request"):
        got(bench, old)


def test_a_close_and_silence_are_told_apart(bench: Bench) -> None:
    def close(connection: socket.socket) -> None:
        connection.recv(65536)

    with pytest.raises(EOFError):
        got(bench, close)
    with pytest.raises(LateError):
        got(bench, bench.silent, 0.2)
