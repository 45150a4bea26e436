"""Who answers: a server on every address of the namespace it was made in, for the ports that are asked for."""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING

from nimnetcheck.twin.flow import Protocol
from nimnetcheck.twin.packets.related import Router, wished

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nimnetcheck.twin.flow import Flow

ANSWER = b"!"
BACKLOG = 4096
_MOST = 2048
_FREE_BIND = 78  # IPV6_FREEBIND
_PACKET_INFO_4 = 8  # IP_PKTINFO
_PACKET_INFO_4_SHAPE = struct.Struct("@i4s4s")  # in_pktinfo: interface, local address, destination
_PACKET_INFO = struct.Struct("@16si")  # in6_pktinfo: address, interface


class Answerers:
    """Listens, and answers each byte with a byte and each datagram with a datagram from where it was sent to.

    A router on the way says what a connection wishes to hear of it.
    """

    def __init__(self, flows: Iterable[Flow]) -> None:
        wanted = {(flow.connection.protocol, flow.port) for flow in flows}
        self._router = Router()
        self._listeners = [_tcp(port) for protocol, port in sorted(wanted) if protocol is Protocol.TCP]
        self._datagrams = [_udp(port) for protocol, port in sorted(wanted) if protocol is Protocol.UDP]
        self._open: list[socket.socket] = []

    def serve(self) -> None:
        """Do what can be done without waiting."""
        for listener in self._listeners:
            self._accept(listener)
        self._open = [connection for connection in self._open if not self._answered(connection)]
        for sock in self._datagrams:
            _echo(sock)

    def close(self) -> None:
        """Close everything."""
        self._router.close()
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

    def _answered(self, connection: socket.socket) -> bool:
        """Whether this connection is done with: it was answered, or it broke."""
        try:
            said = connection.recv(_MOST)
            wish = wished(said)
            if wish:
                self._router.answer(connection, wish)
            if said:
                connection.send(ANSWER)
        except BlockingIOError:
            return False
        except OSError:
            pass
        connection.close()
        return True


def _tcp(port: int) -> socket.socket:
    sock = _everywhere(socket.SOCK_STREAM, port)
    sock.listen(BACKLOG)
    return sock


def _udp(port: int) -> socket.socket:
    """It learns to which address it was sent, and may answer from one that no link has."""
    sock = _everywhere(socket.SOCK_DGRAM, port)
    if sock.family is socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
        sock.setsockopt(socket.IPPROTO_IPV6, _FREE_BIND, 1)
    else:
        sock.setsockopt(socket.IPPROTO_IP, _PACKET_INFO_4, 1)
    return sock


def _everywhere(kind: socket.SocketKind, port: int) -> socket.socket:
    """A socket on every address of both families; of IPv4 alone where the kernel has no IPv6."""
    try:
        sock = socket.socket(socket.AF_INET6, kind)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    except OSError:
        sock = socket.socket(socket.AF_INET, kind)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("::" if sock.family is socket.AF_INET6 else "0.0.0.0", port))  # noqa: S104 (inside a namespace)
    sock.setblocking(False)  # noqa: FBT003 (the socket's own)
    return sock


def _echo(sock: socket.socket) -> None:
    while True:
        try:
            _, extra, _, sender = sock.recvmsg(_MOST, socket.CMSG_SPACE(_PACKET_INFO.size))
        except OSError:
            return
        # Answer from the address that was asked; the interface is the routes' to choose.
        info = [(level, kind, _from_there(level, data)) for level, kind, data in extra]
        try:
            sock.sendmsg([ANSWER], info, 0, sender)
        except OSError:
            continue


def _from_there(level: int, data: bytes) -> bytes:
    """The packet's information, turned around."""
    if level == socket.IPPROTO_IPV6:
        return _PACKET_INFO.pack(data[:16], 0)
    return _PACKET_INFO_4_SHAPE.pack(0, data[8:12], bytes(4))
