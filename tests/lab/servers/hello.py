"""Fixed bytes that answer a ClientHello on port 443: one answer for the vendor's name, another one for any other."""

from __future__ import annotations

import socket
import struct
import sys
import threading
from typing import TYPE_CHECKING, Callable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.lab.lab import Lab

VENDOR = b"product.connect.nginx.com"
SERVER_HELLO = (
    b"\x03\x03" + b"R" * 32 + b"\x00\xc0\x2f\x00\x00\x05\xff\x01\x00\x01\x00"
)  # of TLS 1.2 (RFC 5246, 7.4.1.3)
CERTIFICATE = b"\x00\x00\x0b\x00\x00\x08no\x00\x00DER\x00"  # a list of one (RFC 5246, 7.4.2) that is none
HANDSHAKE, ALERT = 22, 21  # RFC 8446, 5.1
ACCESS_DENIED, INTERNAL_ERROR, UNRECOGNISED_NAME = 49, 80, 112  # RFC 8446, 6


def record(kind: int, body: bytes) -> bytes:
    """A TLS record."""
    return struct.pack("!BHH", kind, 0x0303, len(body)) + body


def message(kind: int, body: bytes) -> bytes:
    """A handshake message in a record of its own."""
    return record(HANDSHAKE, bytes([kind]) + len(body).to_bytes(3, "big") + body)


def alert(number: int) -> bytes:
    """A fatal alert."""
    return record(ALERT, bytes([2, number]))


ANSWERS: Mapping[str, bytes] = {
    "close": b"",
    "denied": alert(ACCESS_DENIED),
    "broken": alert(INTERNAL_ERROR),
    "malformed": message(2, SERVER_HELLO) + message(11, CERTIFICATE),
}


def answering(manner: str) -> Callable[[Lab], None]:
    """Give the vendor's name one of ANSWERS, in the cloud, and any other name the alert that it is not known."""
    return lambda lab: lab.serve("cloud", [sys.executable, "-m", "tests.lab.servers.hello", manner], tcp=443)


def serve(manner: str) -> None:
    """Take connections until the process is ended."""
    with socket.create_server(("::", 443), family=socket.AF_INET6, backlog=256, dualstack_ipv6=True) as listener:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=_take, args=(connection, manner), daemon=True).start()


def _take(connection: socket.socket, manner: str) -> None:
    with connection:
        hello = connection.recv(65536)
        if hello:
            connection.sendall(ANSWERS[manner] if VENDOR in hello else alert(UNRECOGNISED_NAME))


if __name__ == "__main__":
    serve(sys.argv[1])
