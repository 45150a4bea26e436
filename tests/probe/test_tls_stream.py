"""TLS in memory, over a plain connection and over another TLS."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from nimnetcheck.net import Steps, drive, monotonic
from nimnetcheck.net.stream import connect
from nimnetcheck.probe.tls_stream import TlsStream
from nimnetcheck.probe.trust import Trust

if TYPE_CHECKING:
    import ssl

    from tests.probe.conftest import Bench

HOST = "usage.example"


def test_what_is_sent_arrives_and_what_came_is_counted(bench: Bench) -> None:
    def echo(connection: ssl.SSLSocket) -> None:
        connection.sendall(connection.recv(100))

    port = bench.listen_tls(bench.authority.issue_cert(HOST), echo)  # type: ignore[arg-type]  # an SSLSocket is a socket

    def talk() -> Steps[tuple[bytes, bytes, int]]:
        until = monotonic() + 5
        below = yield from connect(ip_address("127.0.0.1"), port, until)
        stream = TlsStream(below, Trust(bench.ca_file).named, HOST)
        try:
            yield from stream.handshake(until)
            yield from stream.send(b"", until)
            yield from stream.send(b"hello", until)
            back = yield from stream.receive(until)
            return back, stream.first[:1], stream.received
        finally:
            stream.close()

    back, first, received = drive(talk(), 10.0)
    assert back == b"hello"
    assert first == b"\x16"
    assert received > 1000
