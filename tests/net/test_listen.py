"""A port to connect to: few places, each for a short while, and an end at once."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.net import listen
from nimnetcheck.net.listen import PLACES, serving

if TYPE_CHECKING:
    from nimnetcheck.net.steps import Steps
    from nimnetcheck.net.stream import Stream


def echo(stream: Stream, until: float) -> Steps[None]:
    """Say what was said."""
    yield from stream.send((yield from stream.receive(until)), until)


def say(where: tuple[str, int], words: bytes = b"hello") -> bytes:
    with socket.create_connection(where) as sock:
        sock.sendall(words)
        return sock.recv(100)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_who_connects_is_answered_and_who_comes_later_too(address: str) -> None:
    with serving(address, 0, echo) as where:
        assert [say(where) for _ in range(3 * PLACES)] == [b"hello"] * 3 * PLACES


def test_who_says_nothing_loses_the_place_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listen, "PATIENCE_S", 0.3)
    with serving("127.0.0.1", 0, echo) as where, ExitStack() as stack:
        held = [stack.enter_context(socket.create_connection(where)) for _ in range(PLACES)]
        assert say(where) == b"hello"
        assert any(sock.recv(1) == b"" for sock in held)  # one of them had to leave first


def test_a_port_that_is_taken_is_an_error() -> None:
    with serving("127.0.0.1", 0, echo) as where, pytest.raises(OSError, match="in use"), serving(*where, echo):
        pass


def test_it_ends_while_somebody_is_still_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listen, "PATIENCE_S", 0.3)
    with ExitStack() as stack, serving("127.0.0.1", 0, echo) as where:
        stack.enter_context(socket.create_connection(where))
