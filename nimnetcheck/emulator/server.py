"""The emulator's listeners, on loopback, in one thread with a loop of its own."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import threading
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from hypercorn.asyncio import serve
from hypercorn.config import Config

from nimnetcheck.emulator.resolver import Udp, tcp

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nimnetcheck.emulator.dispatch import Dispatch
    from nimnetcheck.model import Address

BACKLOG = 4096  # a sweep of the range arrives in one burst, and asyncio's own 100 overflows
GRACE_S = 0.2


class _Config(Config):
    """hypercorn's configuration with a TLS context that was made elsewhere."""

    def __init__(self, sockets: list[socket.socket], context: ssl.SSLContext) -> None:
        super().__init__()
        self.bind = [f"fd://{os.dup(sock.fileno())}" for sock in sockets]  # hypercorn closes what it was given
        self.errorlog = None
        self.graceful_timeout = GRACE_S
        self.backlog = BACKLOG
        self._context = context

    @property
    def ssl_enabled(self) -> bool:
        """Always."""
        return True

    def create_ssl_context(self) -> ssl.SSLContext:
        """The context as it was given."""
        return self._context


def listen(host: str, port: int = 0, *, datagrams: bool = False) -> socket.socket:
    """A bound socket; the protocol is named because asyncio sets TCP_NODELAY only then (else 44 ms a request)."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    kind, protocol = (socket.SOCK_DGRAM, socket.IPPROTO_UDP) if datagrams else (socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        if not datagrams:
            sock.listen(BACKLOG)
    except OSError:
        sock.close()
        raise
    return sock


def _unless_the_client_left(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A client that goes away in the middle of TLS is no error of the server's."""
    if not isinstance(context.get("exception"), (ConnectionError, ssl.SSLError, TimeoutError)):
        loop.default_exception_handler(context)


@contextmanager
def serving(
    dispatch: Dispatch,
    context: ssl.SSLContext,
    web: list[socket.socket],
    names: tuple[socket.socket, socket.socket],
    zone: Mapping[str, tuple[Address, ...]],
) -> Iterator[None]:
    """Serve on these sockets until the block ends; `names` are the resolver's UDP and TCP socket."""
    ready = threading.Event()
    stop: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def main() -> None:
        ended = asyncio.Event()
        stop.append((asyncio.get_running_loop(), ended))
        asyncio.get_running_loop().set_exception_handler(_unless_the_client_left)
        udp, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: Udp(zone), sock=names[0])
        resolver = await asyncio.start_server(partial(tcp, zone=zone), sock=names[1])
        ready.set()
        try:
            await serve(dispatch, _Config(web, context), shutdown_trigger=ended.wait)  # type: ignore[arg-type]  # ASGI
        finally:
            udp.close()
            resolver.close()

    thread = threading.Thread(target=asyncio.run, args=(main(),), name="emulator", daemon=True)
    thread.start()
    ready.wait()
    try:
        yield
    finally:
        loop, ended = stop[0]
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        for sock in (*web, *names):
            sock.close()
