"""A listener that never says a word: it holds what it takes, hangs up once it has read, or resets without reading."""

from __future__ import annotations

import socket
import struct
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.lab.lab import Lab

AT_ONCE = struct.pack("ii", 1, 0)  # closing is then done by a RST (socket(7), SO_LINGER)


def start(namespace: str, manner: str, lab: Lab, port: int = 443) -> None:
    """Listen in a namespace; `manner` is "hold", "close" or "reset"."""
    lab.serve(namespace, [sys.executable, "-m", "tests.lab.servers.silent", manner, str(port)], tcp=port)


def serve(manner: str, port: int) -> None:
    """Take connections until the process is ended."""
    with socket.create_server(("::", port), family=socket.AF_INET6, backlog=256, dualstack_ipv6=True) as listener:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=_take, args=(connection, manner), daemon=True).start()


def _take(connection: socket.socket, manner: str) -> None:
    with connection:
        if manner == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
            return
        while connection.recv(65536):
            if manner == "close":
                return


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
