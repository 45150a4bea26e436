"""Who answers: a byte for a byte, a datagram for a datagram, from the address that was asked."""

from __future__ import annotations

import errno
import select
import socket

import pytest

from nimnetcheck.twin.flow import Protocol, parse
from nimnetcheck.twin.packets.far import ANSWER, Answerers


def free_port(kind: int) -> int:
    with socket.socket(socket.AF_INET, kind) as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
    return port


def ask(protocol: Protocol) -> bytes:
    kind = {Protocol.TCP: socket.SOCK_STREAM, Protocol.UDP: socket.SOCK_DGRAM}[protocol]
    port = free_port(kind)
    answerers = Answerers([parse(f"{protocol}:192.0.2.1:{port}")])
    try:
        with socket.socket(socket.AF_INET, kind) as sock:
            sock.connect(("127.0.0.2", port))  # a datagram from another address than this would not be heard
            sock.send(b"?")
            for _ in range(100):
                answerers.serve()
                if select.select((sock,), (), (), 0.05)[0]:
                    return sock.recv(16)
    finally:
        answerers.close()
    return b""


def test_a_byte_is_answered() -> None:
    assert ask(Protocol.TCP) == ANSWER


@pytest.fixture
def no_ipv6(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel that was started without IPv6."""
    real = socket.socket

    def make(family: int = -1, *given: int, **named: int) -> socket.socket:
        if family == socket.AF_INET6:
            raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")
        return real(family, *given, **named)

    monkeypatch.setattr(socket, "socket", make)


@pytest.mark.usefixtures("no_ipv6")
@pytest.mark.parametrize("protocol", [Protocol.TCP, Protocol.UDP])
def test_a_kernel_without_ipv6_answers_ipv4(protocol: Protocol) -> None:
    assert ask(protocol) == ANSWER


def test_a_datagram_is_answered_from_where_it_was_sent_to() -> None:
    assert ask(Protocol.UDP) == ANSWER
