"""What a router says of a connection: its next segment is too big. Without that an upload hangs where the path narrows.

The near end asks for it in the connection itself, and the far one sends it about the connection as it is out there,
whatever was translated on the way. It came in when the kernel believes it.
"""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from nimnetcheck.model import Address

LEAST = 1280  # what every path carries: the least that IPv6 allows
# A carrier's: neither the other end's address, which a rule may let in, nor one that firewalls keep out as impossible.
_ROUTER = {4: ip_address("4.4.4.4"), 6: ip_address("2001:1900::1")}
_MTU = {socket.AF_INET: (socket.IPPROTO_IP, 14), socket.AF_INET6: (socket.IPPROTO_IPV6, 24)}  # IP_MTU, IPV6_MTU
_QUESTION = struct.Struct("!4sHH")
_WORD = b"fit?"
_REPAIR, _REPAIR_QUEUE, _QUEUE_SEQUENCE, _RECEIVED = 19, 20, 21, 1  # TCP_REPAIR and its own
_TOO_BIG_4, _TOO_BIG_6 = (3, 4), (2, 0)  # type and code
_FREE_BIND = 78  # IPV6_FREEBIND
_PACKET_INFO_4 = 8  # IP_PKTINFO


@attrs.frozen
class Wish:
    """What the near end asks for: a message that `size` bytes fit, with `port` to tell whose connection it is about."""

    port: int
    size: int

    def __bytes__(self) -> bytes:
        return _QUESTION.pack(_WORD, self.port, self.size)


def wish(near: socket.socket) -> Wish:
    """A little less than what this connection takes the path to carry."""
    return Wish(near.getsockname()[1], max(carried(near) - 1, LEAST))


def wished(data: bytes) -> Wish | None:
    """What the far end reads; None where it is something else."""
    if len(data) != _QUESTION.size or not data.startswith(_WORD):
        return None
    return Wish(*_QUESTION.unpack(data)[1:])


def carried(near: socket.socket) -> int:
    """How big a packet may be, as far as the kernel knows."""
    return near.getsockopt(*_MTU[near.family])


class Router:
    """Stands on the way, in the namespace where it was made; a family that this kernel has not is left out."""

    def __init__(self) -> None:
        self._sockets: dict[int, socket.socket] = {}
        with suppress(OSError):
            self._sockets[4] = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
            self._sockets[6] = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
            self._sockets[6].setsockopt(socket.IPPROTO_IPV6, _FREE_BIND, 1)

    def answer(self, far: socket.socket, wish: Wish) -> None:
        """Say to the other end of a connection that its next segment is too big; raises OSError."""
        source, destination = _end(far.getpeername()), _end(far.getsockname())
        version = source[0].version
        segment = struct.pack("!HHII", source[1], destination[1], _next(far), 0) + bytes(8)
        addresses = source[0].packed + destination[0].packed
        if version == 6:  # noqa: PLR2004 (IP version)
            packet = struct.pack("!IHBB", 6 << 28 | wish.port, len(segment), socket.IPPROTO_TCP, 64)
            message = struct.pack("!BBHI", *_TOO_BIG_6, 0, wish.size)  # the kernel adds the checksum
            level, kind, info = socket.IPPROTO_IPV6, socket.IPV6_PKTINFO, _ROUTER[6].packed + bytes(4)
        else:
            packet = struct.pack("!BBHHHBBH", 0x45, 0, 1500, wish.port, 0x4000, 64, socket.IPPROTO_TCP, 0)
            summed = _checksum(struct.pack("!BBHHH", *_TOO_BIG_4, 0, 0, wish.size) + packet + addresses + segment)
            message = struct.pack("!BBHHH", *_TOO_BIG_4, summed, 0, wish.size)
            level, kind, info = socket.IPPROTO_IP, _PACKET_INFO_4, bytes(4) + _ROUTER[4].packed + bytes(4)
        whole = message + packet + addresses + segment
        self._sockets[version].sendmsg([whole], [(level, kind, info)], 0, (str(source[0]), 0))

    def close(self) -> None:
        """Close the sockets."""
        for sock in self._sockets.values():
            sock.close()


def _end(name: tuple[str, int]) -> tuple[Address, int]:
    """An end of a connection; a listener of both families has IPv4 addresses in IPv6 ones."""
    address = ip_address(name[0])
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address, name[1]


def _next(far: socket.socket) -> int:
    """The number of the next byte that is awaited: a message about any other would not be believed."""
    far.setsockopt(socket.IPPROTO_TCP, _REPAIR, 1)
    far.setsockopt(socket.IPPROTO_TCP, _REPAIR_QUEUE, _RECEIVED)
    (number,) = struct.unpack("I", far.getsockopt(socket.IPPROTO_TCP, _QUEUE_SEQUENCE, 4))
    far.setsockopt(socket.IPPROTO_TCP, _REPAIR, 0)
    return int(number)


def _checksum(data: bytes) -> int:
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
