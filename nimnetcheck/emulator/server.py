"""The emulator's listeners, on loopback, in one thread with a loop of its own."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import attrs
from hypercorn.app_wrappers import ASGIWrapper
from hypercorn.asyncio.tcp_server import TCPServer
from hypercorn.asyncio.worker_context import WorkerContext
from hypercorn.config import Config

from nimnetcheck.emulator.connection import STATE, Connection
from nimnetcheck.emulator.resolver import Udp, tcp

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from nimnetcheck.emulator.dispatch import Dispatch
    from nimnetcheck.emulator.resolver import Zone

    Connections = dict[asyncio.Task[None], asyncio.StreamWriter]
    Handle = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

GRACE_S = 0.5
BACKLOG = 4096  # a sweep of the range arrives in one burst, and asyncio's own 100 overflows


@attrs.frozen(kw_only=True)
class Listener:
    """A listening socket and who answers on it; with a context, inside TLS."""

    sock: socket.socket
    handle: Handle
    context: ssl.SSLContext | None = None


def web(dispatch: Dispatch) -> Handle:
    """HTTP/1.1 and HTTP/2 for the application.

    hypercorn's own `serve` would keep the connection to itself; here each request can reach the one it came on.
    """
    config = Config()
    config.errorlog = None
    config.include_date_header = False  # the application knows what time the emulated host thinks it is

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection: Any = Connection(writer)
        context = WorkerContext(None)
        incoming: Any = _Incoming(reader, context)
        application = ASGIWrapper(dispatch)  # type: ignore[arg-type]  # hypercorn has its own types for ASGI
        loop = asyncio.get_running_loop()
        await TCPServer(application, loop, config, context, {STATE: connection}, incoming, connection)

    return handle


class _Incoming:
    """A stream reader that tells when its client has gone: hypercorn would keep the rest for five seconds more."""

    def __init__(self, reader: asyncio.StreamReader, context: WorkerContext) -> None:
        self._reader, self._context = reader, context

    def at_eof(self) -> bool:
        """Whether nothing more will come."""
        return self._reader.at_eof()

    async def read(self, size: int) -> bytes:
        """What has come, empty at the end; raises OSError."""
        data = b""
        try:
            data = await self._reader.read(size)
        finally:
            if not data:
                await self._context.terminated.set()
        return data


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
def serving(listeners: Sequence[Listener], names: tuple[socket.socket, socket.socket], zone: Zone) -> Iterator[None]:
    """Serve on these sockets until the block ends; `names` are the resolver's UDP and TCP socket."""
    ready = threading.Event()
    stop: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def main() -> None:
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        stop.append((loop, ended))
        loop.set_exception_handler(_unless_the_client_left)
        udp, _ = await loop.create_datagram_endpoint(lambda: Udp(zone), sock=names[0])
        resolver = Listener(sock=names[1], handle=partial(tcp, zone=zone))
        connections: Connections = {}
        servers = [await _start(listener, connections) for listener in (*listeners, resolver)]
        ready.set()
        await ended.wait()
        udp.close()
        await _stop(servers, connections)

    thread = threading.Thread(target=asyncio.run, args=(main(),), name="emulator", daemon=True)
    thread.start()
    ready.wait()
    try:
        yield
    finally:
        loop, ended = stop[0]
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        for sock in (*(listener.sock for listener in listeners), *names):
            sock.close()


async def _start(listener: Listener, connections: Connections) -> asyncio.Server:
    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task: Any = asyncio.current_task()
        connections[task] = writer
        task.add_done_callback(connections.pop)
        with suppress(asyncio.CancelledError):  # the emulation ends; asyncio's streams would call that an error
            await listener.handle(reader, writer)

    return await asyncio.start_server(accept, sock=listener.sock, ssl=listener.context, backlog=BACKLOG)


async def _stop(servers: Sequence[asyncio.Server], connections: Connections) -> None:
    """End every connection, and cancel whoever does not notice.

    What was accepted a moment ago must begin before its server is closed: asyncio would forget it, socket and all.
    """
    for sock in (sock for server in servers for sock in server.sockets):
        asyncio.get_running_loop().remove_reader(sock)
    await asyncio.sleep(0)
    for server in servers:
        server.close()
    for writer in connections.values():
        writer.transport.abort()
    if connections:
        _, late = await asyncio.wait(connections, timeout=GRACE_S)
        for task in late:
            task.cancel()
        await asyncio.gather(*late)
