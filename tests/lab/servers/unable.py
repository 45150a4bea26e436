"""What stands at a resolver's address and resolves nothing: it gives every question one answer code, or says junk."""

from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING, Callable

import dns.message
import dns.rcode

from tests.lab.network import RESOLVER

if TYPE_CHECKING:
    from tests.lab.lab import Lab

JUNK = b"login: "


def answering(says: str) -> Callable[[Lab], None]:
    """Say "junk", or an answer code by its name; the client asks it."""

    def start(lab: Lab) -> None:
        lab.serve("resolver", [sys.executable, "-m", "tests.lab.servers.unable", says], udp=53)
        lab.place("/etc/resolv.conf", f"nameserver {RESOLVER}\n")

    return start


def serve(says: str) -> None:
    """Answer questions in datagrams until the process is ended."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("0.0.0.0", 53))  # noqa: S104 (in a namespace of its own)
        while True:
            wire, asker = listener.recvfrom(65535)
            listener.sendto(JUNK if says == "junk" else _answer(wire, says), asker)


def _answer(wire: bytes, says: str) -> bytes:
    response = dns.message.make_response(dns.message.from_wire(wire))
    response.set_rcode(dns.rcode.from_text(says))
    return response.to_wire()


if __name__ == "__main__":
    serve(sys.argv[1])
