"""A port of this host that others may connect to: few places, each for a short while.

It runs in a thread with a loop of its own. Each place serves one connection after the other, and whoever connects can
hold one for a few seconds only.
"""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Callable

from nimnetcheck.net.clock import monotonic
from nimnetcheck.net.loop import drive
from nimnetcheck.net.steps import Wait, fork
from nimnetcheck.net.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.net.steps import Steps

    Talk = Callable[[Stream, float], Steps[None]]

PLACES = 8
BACKLOG = 16
PATIENCE_S = 5.0
IDLE_S = 3600.0
NEVER_S = float("inf")


@contextmanager
def serving(address: str, port: int, talk: Talk) -> Iterator[tuple[str, int]]:
    """Serve until the block ends, port 0 being any that is free; the address and port in force. Raises OSError.

    `talk` is given each connection, and until when it may take.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.create_server((address, port), family=family, backlog=BACKLOG)
    where = listener.getsockname()[:2]
    listener.setblocking(False)  # noqa: FBT003 (the standard library's signature)
    ended = threading.Event()
    places = [_place(listener.dup(), talk, ended) for _ in range(PLACES)]  # copied here, before it can be closed
    thread = threading.Thread(target=drive, args=(fork(places), NEVER_S), name="server", daemon=True)
    thread.start()
    try:
        yield where
    finally:
        ended.set()
        listener.shutdown(socket.SHUT_RDWR)  # wakes every place, which waits on a copy of it
        listener.close()
        thread.join()


def _place(listener: socket.socket, talk: Talk, ended: threading.Event) -> Steps[None]:
    """One connection after the other, until it is over."""
    with listener:
        while not ended.is_set():
            yield Wait(listener, "read", monotonic() + IDLE_S)
            try:
                sock, _ = listener.accept()
            except OSError:
                continue  # another place was faster, whoever it was left already, or it is over
            with sock:
                sock.setblocking(False)  # noqa: FBT003 (the standard library's signature)
                with suppress(OSError):
                    yield from talk(Stream(sock), monotonic() + PATIENCE_S)
