"""The far end: a server on every address asked of it that reads an upload to its end and says how much came."""

from __future__ import annotations

import socket
import sys
import threading

PORT = 443


def main(addresses: list[str]) -> None:
    """Serve until standard input ends."""
    for address in addresses:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, PORT))
        listener.listen(128)
        threading.Thread(target=_serve, args=(listener,), daemon=True).start()
    print("ready", flush=True)  # noqa: T201 (the caller waits for it)
    sys.stdin.read()


def _serve(listener: socket.socket) -> None:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_answer, args=(connection,), daemon=True).start()


def _answer(connection: socket.socket) -> None:
    with connection:
        size = 0
        while data := connection.recv(65536):
            size += len(data)
        connection.sendall(b"%d" % size)


if __name__ == "__main__":
    main(sys.argv[1:])
