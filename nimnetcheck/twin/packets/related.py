"""Whether error messages that belong to a connection come in: without them an upload hangs where the path narrows.

A connection is begun, the far side calls its next segment too big, as a router on the way would, and the kernel is
asked whether it believed that.
"""

from __future__ import annotations

import select
import socket
import struct
from typing import TYPE_CHECKING

from nimnetcheck.twin.flow import Protocol
from nimnetcheck.twin.namespace import standing_in

if TYPE_CHECKING:
    from nimnetcheck.twin.flow import Flow
    from nimnetcheck.twin.namespace import Sides

NARROW = 1280  # what every path carries: the least that IPv6 allows
PATIENCE_S = 1.0
_TRIES, _PAUSE_S = 25, 0.002
_REPAIR, _REPAIR_QUEUE, _QUEUE_SEQUENCE, _SENDING = 19, 20, 21, 2  # TCP_REPAIR and its own
_MTU = {4: (socket.IPPROTO_IP, 14), 6: (socket.IPPROTO_IPV6, 24)}  # IP_MTU, IPV6_MTU
_TOO_BIG_4, _TOO_BIG_6 = (3, 4), (2, 0)  # type and code
_FAMILIES = {4: (socket.AF_INET, socket.IPPROTO_ICMP), 6: (socket.AF_INET6, socket.IPPROTO_ICMPV6)}


def comes_in(flow: Flow, here: Sides) -> bool | None:
    """Whether the kernel took the message; None where that cannot be told of this flow."""
    version = flow.address.version
    if flow.protocol is not Protocol.TCP:
        return None
    family, icmp = _FAMILIES[version]
    try:
        with socket.socket(family, socket.SOCK_STREAM) as begun:
            begun.settimeout(PATIENCE_S)
            begun.connect((str(flow.address), flow.port))
            if begun.getsockopt(*_MTU[version]) <= NARROW:
                return None
            message = _too_big(begun, flow)
            with standing_in(here.far, here.near):
                router = socket.socket(family, socket.SOCK_RAW, icmp)
            with router:
                if version == 4:  # noqa: PLR2004 (IP version)
                    router.bind((str(flow.address), 0))  # else it would come from where nobody is
                router.sendto(message, (begun.getsockname()[0], 0))
            return _is_believed(begun, version)
    except OSError:
        return None


def _is_believed(begun: socket.socket, version: int) -> bool:
    for _ in range(_TRIES):
        if begun.getsockopt(*_MTU[version]) == NARROW:
            return True
        select.select((), (), (), _PAUSE_S)
    return False


def _too_big(begun: socket.socket, flow: Flow) -> bytes:
    """The router's message about the segment that this socket would send next."""
    source, port = begun.getsockname()[:2]
    segment = struct.pack("!HHII", port, flow.port, _next(begun), 0) + bytes(8)
    if flow.address.version == 6:  # noqa: PLR2004 (IP version)
        packet = struct.pack("!IHBB", 6 << 28, len(segment), socket.IPPROTO_TCP, 64)
        packet += socket.inet_pton(socket.AF_INET6, source) + flow.address.packed + segment
        return struct.pack("!BBHI", *_TOO_BIG_6, 0, NARROW) + packet  # the kernel adds the checksum
    header = struct.pack("!BBHHHBBH", 0x45, 0, 1500, 1, 0x4000, 64, socket.IPPROTO_TCP, 0)
    packet = header + socket.inet_aton(source) + flow.address.packed + segment
    rest = struct.pack("!HH", 0, NARROW) + packet
    return struct.pack("!BBH", *_TOO_BIG_4, _checksum(struct.pack("!BBH", *_TOO_BIG_4, 0) + rest)) + rest


def _next(begun: socket.socket) -> int:
    """The number of the next byte to be sent: a message about any other would not be believed."""
    begun.setsockopt(socket.IPPROTO_TCP, _REPAIR, 1)
    begun.setsockopt(socket.IPPROTO_TCP, _REPAIR_QUEUE, _SENDING)
    (number,) = struct.unpack("I", begun.getsockopt(socket.IPPROTO_TCP, _QUEUE_SEQUENCE, 4))
    begun.setsockopt(socket.IPPROTO_TCP, _REPAIR, 0)
    return int(number)


def _checksum(data: bytes) -> int:
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
