"""The head of an answer, in whatever pieces it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import h11
import pytest

from nimnetcheck.probe.head import read_head

if TYPE_CHECKING:
    from nimnetcheck.net import Steps


class Pieces:
    """A stream that hands over what it was given, piece by piece, and then its end."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = [*pieces, b""]

    def receive(self, _until: float) -> Steps[bytes]:
        """The next piece."""
        yield from ()
        return self.pieces.pop(0)


def read(*pieces: bytes) -> h11.Response:
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "usage.example")]))
    steps = read_head(connection, Pieces(*pieces), 0.0)  # type: ignore[arg-type]  # (a stream of a few lines)
    with pytest.raises(StopIteration) as done:
        next(steps)
    answer = done.value.value
    assert isinstance(answer, h11.Response)
    return answer


def test_it_comes_in_pieces() -> None:
    assert read(b"HTTP/1.1 20", b"4 No Content\r\nServer: x\r", b"\n\r\n").status_code == 204


def test_an_interim_answer_is_not_the_answer() -> None:
    assert read(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 403 Forbidden\r\n\r\n").status_code == 403


def test_an_end_before_the_head_is_said() -> None:
    with pytest.raises(EOFError):
        read(b"HTTP/1.1 200 OK\r\n")


def test_what_is_no_http_is_said() -> None:
    with pytest.raises(h11.RemoteProtocolError):
        read(b"220 mail.example ESMTP\r\n\r\n")
