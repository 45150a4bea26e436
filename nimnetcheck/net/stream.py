"""A TCP connection in the hands of a probe: made, written to and read from, every trouble with its evidence."""

from __future__ import annotations

import errno
import os
import socket
from typing import TYPE_CHECKING

from nimnetcheck.failures import LateError, WireError
from nimnetcheck.net import sockets
from nimnetcheck.net.sockets import clamp_segments, limit_hops, own_address, read_icmp, sockaddr, source, tcp_counters
from nimnetcheck.net.steps import Open, Steps, Wait

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimnetcheck.model import Address

READ_BYTES = 65536
FIRST_BYTES = 64


class Stream:
    """Bytes out and in; raises LateError past `until`, WireError for what the kernel reports.

    `received` counts bytes, and `first` keeps the first of them: what answers in the place of TLS names itself there.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.received = 0
        self.first = b""

    def send(self, data: bytes, until: float) -> Steps[None]:
        """Send all of it."""
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[self.sock.send(rest) :]
            except BlockingIOError:  # noqa: PERF203 (a system call in a loop; the try costs nothing beside it)
                yield from self._ready("write", until)
            except OSError as error:
                raise wire_error(self.sock, error.errno) from error

    def receive(self, until: float) -> Steps[bytes]:
        """What there is, at least a byte; empty when the other side has closed."""
        while True:
            try:
                data = self.sock.recv(READ_BYTES)
            except BlockingIOError:  # noqa: PERF203 (a system call in a loop; the try costs nothing beside it)
                yield from self._ready("read", until)
            except OSError as error:
                raise wire_error(self.sock, error.errno) from error
            else:
                self.received += len(data)
                self.first = (self.first + data)[:FIRST_BYTES]
                return data

    def counters(self) -> dict[str, object]:
        """Where this connection is sent from, and TCP's own numbers about it."""
        return {**source(self.sock), **tcp_counters(self.sock)}

    def close(self) -> None:
        """Close it, at once and without a word."""
        sockets.close(self.sock)

    def _ready(self, event: str, until: float) -> Steps[None]:
        read_icmp(self.sock)  # a message left in the error queue would count as ready for ever
        if not (yield Wait(self.sock, event, until)):
            raise LateError(self.counters())


def connect(
    address: Address, port: int, until: float, *, hops: int | None = None, segment: int | None = None
) -> Steps[Stream]:
    """Connect to one address; raises LateError past `until`, WireError for what the kernel reports.

    `hops` is how far the packets may go, `segment` the largest segment in octets, either way.
    """
    sock: socket.socket = yield Open(address.version, "tcp")
    try:
        if hops is not None:
            limit_hops(sock, address.version, hops)
        if segment is not None:
            clamp_segments(sock, segment)
        yield from _connect(sock, address, port, until)
    except BaseException:
        sock.close()
        raise
    return Stream(sock)


def _connect(sock: socket.socket, address: Address, port: int, until: float) -> Steps[None]:
    code = sock.connect_ex(sockaddr(address, port))
    sent_from = source(sock)  # before an answer: the kernel forgets the port of what was refused
    if code == errno.EINPROGRESS:
        if not (yield Wait(sock, "write", until)):
            raise LateError({**sent_from, **tcp_counters(sock)})
        code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        raise wire_error(sock, code, to=address, counters=sent_from)


def wire_error(
    sock: socket.socket, code: int | None, *, to: Address | None = None, counters: Mapping[str, object] | None = None
) -> WireError:
    """The errno with the ICMP message behind it, if there is one; read it before the socket is closed."""
    own, number = own_address(sock), code or errno.EIO
    told = read_icmp(sock)
    error = WireError(number, os.strerror(number), icmp=told, own=None if own == to else own)
    error.counters = counters or {}
    return error
