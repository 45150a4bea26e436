"""A SYN made by hand, with the TCP options that one wants: a socket's own cannot be left out. Needs CAP_NET_RAW."""

from __future__ import annotations

import errno
import secrets
import struct
from contextlib import suppress
from typing import TYPE_CHECKING

from nimnetcheck.net.clock import monotonic
from nimnetcheck.net.sockets import own_address, read_icmp, sockaddr
from nimnetcheck.net.steps import Open, Steps, Wait

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterable, Mapping

    from nimnetcheck.model import Address

OPTIONS: Mapping[str, bytes] = {  # RFC 9293, 3.2; RFC 2018, 2; RFC 7323, 2.2 and 3.2
    "mss": struct.pack("!BBH", 2, 4, 1220),
    "sack": bytes((4, 2)),
    "timestamps": struct.pack("!BBII", 8, 10, 1, 0),
    "window": bytes((3, 3, 7)),
}
NOTHING = b"\1"
PORTS = range(61000, 65536)  # above those that Linux gives to connections: nobody's answers are taken for ours
HEADER = struct.Struct("!HHIIBBHHH")
SYN, RST, SYN_ACK = 0x02, 0x04, 0x12
RESEND_S = 1.0
TCP = 6


def knock(address: Address, port: int, options: Iterable[str], until: float) -> Steps[str]:
    """Send a SYN with these options, and again each second: "answered", "refused" or "silent".

    What answers is told by the kernel itself that there is no connection. Raises OSError, without the privilege too.
    """
    ours = secrets.choice(PORTS)
    sock: socket.socket = yield Open(address.version, "raw")
    try:
        sock.connect(sockaddr(address, 0))
        source = own_address(sock)
        if source is None:
            raise OSError(errno.EADDRNOTAVAIL, "no address to send from")
        packet = segment((source, ours), (address, port), options)
        while monotonic() < until:
            with suppress(OSError):  # what an earlier ICMP error left; one that was not sent is silent too
                sock.send(packet)
            again_s = min(until, monotonic() + RESEND_S)
            while (yield Wait(sock, "read", again_s)):
                said = read(_receive(sock), address.version, (port, ours))
                if said:
                    return said
    finally:
        sock.close()
    return "silent"


def segment(source: tuple[Address, int], target: tuple[Address, int], options: Iterable[str]) -> bytes:
    """A SYN with its checksum; pure but for its number."""
    chosen = b"".join(OPTIONS[name] for name in options)
    chosen += NOTHING * (-len(chosen) % 4)
    offset = (HEADER.size + len(chosen)) // 4 << 4
    number = secrets.randbits(32)

    def header(checksum: int) -> bytes:
        return HEADER.pack(source[1], target[1], number, 0, offset, SYN, 64240, checksum, 0) + chosen

    length = HEADER.size + len(chosen)
    pseudo = source[0].packed + target[0].packed + struct.pack("!IBBBB", length, 0, 0, 0, TCP)
    return header(_checksum(pseudo + header(0)))


def read(packet: bytes, version: int, ports: tuple[int, int]) -> str:
    """What a packet says to us; empty where it is somebody else's. IPv4 hands out its own header too."""
    start = (packet[0] & 15) * 4 if version == 4 and packet else 0  # noqa: PLR2004 (IP version)
    if len(packet) < start + HEADER.size:
        return ""
    theirs, ours, _, _, _, flags, *_ = HEADER.unpack_from(packet, start)
    if (theirs, ours) != ports:
        return ""
    return "refused" if flags & RST else "answered" if flags & SYN_ACK == SYN_ACK else ""


def _receive(sock: socket.socket) -> bytes:
    """What there is; nothing where it is an ICMP error, which may be about whatever else this host sends there."""
    read_icmp(sock)
    try:
        return sock.recv(65535)
    except OSError:
        return b""


def _checksum(data: bytes) -> int:
    """RFC 1071; the sum for IPv4's pseudo header and IPv6's is the same, since zeros add nothing."""
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
