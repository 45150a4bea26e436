"""Non-blocking sockets, and what the kernel tells about one: ICMP errors with their sender, and TCP's own counters.

With IP_RECVERR an ICMP error is kept in the socket's error queue, whole and without privileges (for TCP since Linux
5.8); the errno alone folds several of them into one.
"""

from __future__ import annotations

import fcntl
import os
import resource
import socket
import struct
import termios
from contextlib import suppress
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from nimnetcheck.failures import Icmp

if TYPE_CHECKING:
    from nimnetcheck.model import Address

KINDS = {
    "tcp": (socket.SOCK_STREAM, 0),
    "udp": (socket.SOCK_DGRAM, 0),
    "raw": (socket.SOCK_RAW, socket.IPPROTO_TCP),
}
MAX_SOCKETS = 256
MIN_SOCKETS = 4
SPARE_DESCRIPTORS = 32  # for files, pipes and whatever libraries open meanwhile
IPV6 = 6
# Not in the socket module before Python 3.14; the numbers are those of linux/in.h and linux/in6.h.
RECVERR = {4: (socket.IPPROTO_IP, 11), IPV6: (socket.IPPROTO_IPV6, 25)}
EXTENDED_ERROR = struct.Struct("=IBBBBII")  # struct sock_extended_err: errno, origin, type, code, pad, info, data
ICMP_ORIGINS = {2: 4, 3: IPV6}  # SO_EE_ORIGIN_ICMP, SO_EE_ORIGIN_ICMP6, each with its IP version
HOPS = {4: (socket.IPPROTO_IP, socket.IP_TTL), IPV6: (socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS)}
TCP_INFO = struct.Struct("=8B24I")  # struct tcp_info up to tcpi_total_retrans, the same since Linux 2.6
TCP_BYTES = struct.Struct("=16x2Q")  # what follows: pacing rates, then bytes acknowledged and received, since Linux 4.1


def make_socket(version: int, kind: str) -> socket.socket:
    """A non-blocking socket of one of KINDS that keeps ICMP errors; raises OSError, as "raw" does without privilege."""
    family = socket.AF_INET6 if version == IPV6 else socket.AF_INET
    sock = socket.socket(family, *KINDS[kind])
    sock.setblocking(False)  # noqa: FBT003 (the standard library's signature)
    with suppress(OSError):  # without it the errno still tells something
        sock.setsockopt(*RECVERR[version], 1)
    return sock


def sockaddr(address: Address, port: int) -> tuple[Any, ...]:
    """What `connect` wants; raises OSError where an IPv6 zone names no interface."""
    if address.version != IPV6:
        return str(address), port
    bare, _, zone = str(address).partition("%")
    return bare, port, 0, socket.if_nametoindex(zone) if zone else 0


def source(sock: socket.socket) -> dict[str, object]:
    """The address and port that a connection is sent from, as firewalls log them; empty before the kernel chose."""
    try:
        address, port = sock.getsockname()[:2]
    except OSError:
        return {}
    literal = f"[{address}]" if ":" in address else address
    return {"source": f"{literal}:{port}"} if port else {}


def own_address(sock: socket.socket) -> Address | None:
    """The address that a socket sends from, once the kernel chose one."""
    try:
        return ip_address(sock.getsockname()[0].partition("%")[0])
    except (OSError, ValueError):
        return None


def socket_cap() -> int:
    """How many sockets may be open at once: 256, or what the limit on open files leaves."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return MAX_SOCKETS
    used = 3
    with suppress(OSError):
        used = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 (a count of entries; no path is wanted)
    return max(MIN_SOCKETS, min(MAX_SOCKETS, soft - used - SPARE_DESCRIPTORS))


def read_icmp(sock: socket.socket) -> Icmp | None:
    """The last ICMP error in the socket's error queue, which is emptied; None where there is none."""
    found = None
    while True:
        try:
            _, ancillary, _, _ = sock.recvmsg(512, 512, socket.MSG_ERRQUEUE)
        except OSError:
            return found
        for level, kind, data in ancillary:
            if (level, kind) in RECVERR.values() and len(data) >= EXTENDED_ERROR.size:
                found = _parse(data) or found


def limit_hops(sock: socket.socket, version: int, hops: int) -> None:
    """Let packets of this socket pass that many hops less one: the router at the last of them says that it stopped.

    -1 lets them go as far as they would without.
    """
    sock.setsockopt(*HOPS[version], hops)


def clamp_segments(sock: socket.socket, octets: int) -> None:
    """Neither send nor ask for segments larger than this; for a socket that is not connected yet."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, octets)


def close(sock: socket.socket) -> None:
    """Close a connection; what nobody acknowledged is given up, or the kernel would send it again for minutes."""
    with suppress(OSError, ValueError):  # ValueError: it is closed already
        if any(fcntl.ioctl(sock, termios.TIOCOUTQ, bytes(4))):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def tcp_counters(sock: socket.socket) -> dict[str, object]:
    """What TCP counted: round trip, segment size and path MTU, segments sent again, bytes acknowledged and received.

    `retransmits` counts every try to send again, `resent` what is on its way because of one: a rule in this host's own
    OUTPUT drops in silence, but then the try is counted and nothing is on its way. `unacked` are segments on their way;
    the SYN is a byte that is acknowledged. Empty where the kernel tells nothing; before Linux 4.1 it tells no bytes.
    """
    try:
        raw = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, TCP_INFO.size + TCP_BYTES.size)
        words = TCP_INFO.unpack_from(raw)[8:]
    except (OSError, struct.error):
        return {}
    counters: dict[str, object] = {
        "rtt_ms": round(words[15] / 1000, 3),
        "mss": words[2],
        "path_mtu": words[13],
        "retransmits": words[23],
        "resent": words[7],
        "unacked": words[4],
    }
    if len(raw) >= TCP_INFO.size + TCP_BYTES.size:
        counters["bytes_acked"], counters["bytes_received"] = TCP_BYTES.unpack_from(raw, TCP_INFO.size)
    return counters


def _parse(data: bytes) -> Icmp | None:
    """One sock_extended_err and, behind it, the sockaddr of whoever sent the message."""
    _, origin, kind, code, _, _, _ = EXTENDED_ERROR.unpack_from(data)
    version = ICMP_ORIGINS.get(origin)
    if version is None:
        return None
    # sockaddr_in holds the address after family and port; sockaddr_in6 after the flow label too.
    start, length = (8, 16) if version == IPV6 else (4, 4)
    raw = data[EXTENDED_ERROR.size + start : EXTENDED_ERROR.size + start + length]
    sender = ip_address(raw) if len(raw) == length and any(raw) else None
    return Icmp(version=version, type=kind, code=code, sender=sender)
