"""Who answers: a server on every address of the namespace it was made in, for the ports that are asked for."""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING

from nimnetcheck.twin.flow import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nimnetcheck.twin.flow import Flow

ANSWER = b"!"
BACKLOG = 4096
_MOST = 2048
_FREE_BIND = 78  # IPV6_FREEBIND
_PACKET_INFO = struct.Struct("@16si")  # in6_pktinfo: address, interface


class Answerers:
    """Listens, and answers each byte with a byte and each datagram with a datagram from where it was sent to."""

    def __init__(self, flows: Iterable[Flow]) -> None:
        wanted = {(flow.protocol, flow.port) for flow in flows}
        self._listeners = [_tcp(port) for protocol, port in sorted(wanted) if protocol is Protocol.TCP]
        self._datagrams = [_udp(port) for protocol, port in sorted(wanted) if protocol is Protocol.UDP]
        self._open: list[socket.socket] = []

    def serve(self) -> None:
        """Do what can be done without waiting."""
        for listener in self._listeners:
            self._accept(listener)
        self._open = [connection for connection in self._open if not _answered(connection)]
        for sock in self._datagrams:
            _echo(sock)

    def close(self) -> None:
        """Close everything."""
        for sock in (*self._open, *self._listeners, *self._datagrams):
            sock.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.setblocking(False)  # noqa: FBT003 (the socket's own)
            self._open.append(connection)


def _tcp(port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("::", port))
    sock.listen(BACKLOG)
    sock.setblocking(False)  # noqa: FBT003 (the socket's own)
    return sock


def _udp(port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
    sock.setsockopt(socket.IPPROTO_IPV6, _FREE_BIND, 1)  # the answer comes from an address that no link has
    sock.bind(("::", port))
    sock.setblocking(False)  # noqa: FBT003 (the socket's own)
    return sock


def _answered(connection: socket.socket) -> bool:
    """Whether this connection is done with: it was answered, or it broke."""
    try:
        if connection.recv(_MOST):
            connection.send(ANSWER)
    except BlockingIOError:
        return False
    except OSError:
        pass
    connection.close()
    return True


def _echo(sock: socket.socket) -> None:
    while True:
        try:
            _, extra, _, sender = sock.recvmsg(_MOST, socket.CMSG_SPACE(_PACKET_INFO.size))
        except OSError:
            return
        # Answer from the address that was asked; the interface is the routes' to choose.
        info = [(level, kind, _PACKET_INFO.pack(data[:16], 0)) for level, kind, data in extra]
        try:
            sock.sendmsg([ANSWER], info, 0, sender)
        except OSError:
            continue
