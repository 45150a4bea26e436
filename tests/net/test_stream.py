"""A connection, written to and read from: what arrives, what is refused, and what is late."""

from __future__ import annotations

import errno
import socket
import struct
import threading
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.failures import LateError, WireError
from nimnetcheck.net import drive, monotonic
from nimnetcheck.net.stream import Stream, connect

if TYPE_CHECKING:
    from nimnetcheck.net import Steps

LOOPBACK = ip_address("127.0.0.1")


def converse(port: int, data: bytes, size: int, late_s: float = 5.0) -> Steps[tuple[bytes, Stream]]:
    """Send, then read `size` bytes or to the end."""
    stream = yield from connect(LOOPBACK, port, monotonic() + late_s)
    try:
        yield from stream.send(data, monotonic() + late_s)
        received = b""
        while len(received) < size:
            some = yield from stream.receive(monotonic() + late_s)
            if not some:
                break
            received += some
        return received, stream
    finally:
        stream.close()


def test_more_than_the_buffers_hold_goes_out_and_comes_back() -> None:
    data = bytes(range(256)) * 32768
    with socket.create_server(("127.0.0.1", 0)) as server:

        def echo() -> None:
            connection, _ = server.accept()
            with connection:
                left = len(data)
                while left:
                    left -= len(connection.recv(65536))
                connection.sendall(data)

        thread = threading.Thread(target=echo)
        thread.start()
        received, stream = drive(converse(server.getsockname()[1], data, len(data)), 60.0)
        thread.join()
    assert received == data
    assert stream.received == len(data)
    assert stream.first == data[:64]


def test_a_closed_port_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(WireError) as refused:
        drive(converse(port, b"", 1), 5.0)
    assert refused.value.errno == errno.ECONNREFUSED
    assert refused.value.icmp is None


def test_silence_is_late_with_counters() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(LateError) as late:
        drive(converse(server.getsockname()[1], b"hello", 1, 0.05), 5.0)
    assert late.value.counters["retransmits"] == 0


def test_an_orderly_end_is_empty_and_a_reset_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def serve() -> None:
            for linger in (False, True):
                connection, _ = server.accept()
                with connection:
                    connection.recv(100)
                    if linger:
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        thread = threading.Thread(target=serve)
        thread.start()
        assert drive(converse(port, b"hello", 1), 5.0)[0] == b""
        with pytest.raises(WireError) as reset:
            drive(converse(port, b"hello", 1), 5.0)
        thread.join()
    assert reset.value.errno == errno.ECONNRESET


def drain(sock: socket.socket) -> None:
    while sock.recv(65536):
        pass


@pytest.mark.parametrize("octets", [1, 1 << 24])
def test_what_nobody_took_is_given_up_with_the_connection(octets: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        sock = socket.create_connection(listener.getsockname())
        accepted, _ = listener.accept()
        with accepted:
            accepted.settimeout(5)
            sock.setblocking(False)  # noqa: FBT003 (the standard library's signature)
            sock.send(b"x" * octets)  # as much as both sides' buffers take
            Stream(sock).close()
            if octets == 1:
                assert accepted.recv(2) == b"x"
                assert accepted.recv(2) == b""
            else:
                with pytest.raises(ConnectionResetError):
                    drain(accepted)
