"""A DNS message out and its answers in, by UDP and by TCP, over our own sockets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

import attrs
import dns.exception
import dns.message

from nimnetcheck.failures import WireError
from nimnetcheck.net import Open, Steps, Wait, monotonic
from nimnetcheck.net.sockets import limit_hops, read_icmp, sockaddr
from nimnetcheck.net.stream import connect, wire_error

if TYPE_CHECKING:
    import socket

    from nimnetcheck.model import Address

    Resolver = tuple[Address, int]

RESEND_S = 1.0
LENGTH = 2  # octets before a message over TCP (RFC 1035, 4.2.2)
MAX_DATAGRAM = 65535
MAX_ANSWERS = 8


@attrs.define(eq=False)
class Ignored:
    """Datagrams that were no answer: another id or question, and what cannot be read as DNS."""

    foreign: int = 0
    malformed: int = 0

    def evidence(self) -> dict[str, object]:
        """What was counted, where something was."""
        return {name: count for name, count in (("foreign", self.foreign), ("malformed", self.malformed)) if count}


def by_udp(  # noqa: PLR0913 (each of the last two is one thing that a closer look changes)
    query: dns.message.Message,
    resolver: Resolver,
    until: float,
    ignored: Ignored,
    linger_s: float = 0.0,
    *,
    hops: int | None = None,
) -> Steps[tuple[dns.message.Message, ...]]:
    """Send, wait, send again; the socket is connected, so that the kernel drops what others send.

    The first answer ends it, or `linger_s` after the first: whoever injects an answer does not stop the true one.
    `hops` is how far the question may go.
    """
    sock: socket.socket = yield Open(resolver[0].version, "udp")
    try:
        if hops is not None:
            limit_hops(sock, resolver[0].version, hops)
        _system(sock, resolver[0], lambda: sock.connect(sockaddr(*resolver)))
        while monotonic() < until:
            _system(sock, resolver[0], lambda: sock.send(query.to_wire()))
            resend_s = min(until, monotonic() + RESEND_S)
            while (yield Wait(sock, "read", resend_s)):
                response = _matching(sock, resolver[0], query, ignored)
                if response:
                    more = (yield from _later(sock, resolver[0], query, linger_s)) if linger_s else ()
                    return (response, *more)
    finally:
        sock.close()
    raise TimeoutError


def by_tcp(query: dns.message.Message, resolver: Resolver, until: float) -> Steps[dns.message.Message]:
    """The same over a connection, where an answer has room; raises EOFError where it ends too soon."""
    stream = yield from connect(*resolver, until)
    try:
        wire = query.to_wire()
        yield from stream.send(len(wire).to_bytes(LENGTH, "big") + wire, until)
        received = b""
        while len(received) < LENGTH or len(received) < LENGTH + int.from_bytes(received[:LENGTH], "big"):
            data = yield from stream.receive(until)
            if not data:
                raise EOFError
            received += data
        response = dns.message.from_wire(received[LENGTH : LENGTH + int.from_bytes(received[:LENGTH], "big")])
        if not query.is_response(response):
            raise dns.exception.FormError
        return response
    finally:
        stream.close()


def _later(
    sock: socket.socket, resolver: Address, query: dns.message.Message, linger_s: float
) -> Steps[tuple[dns.message.Message, ...]]:
    until = monotonic() + linger_s
    found: list[dns.message.Message] = []
    while len(found) < MAX_ANSWERS and (yield Wait(sock, "read", until)):
        try:
            response = _matching(sock, resolver, query, Ignored())
        except OSError:
            break  # there is an answer already; what the network says after it changes nothing
        if response:
            found.append(response)
    return tuple(found)


def _system(sock: socket.socket, resolver: Address, call: Callable[[], object]) -> None:
    """A system call whose errors carry the ICMP message behind them."""
    try:
        call()
    except BlockingIOError:
        pass  # a full buffer is a lost datagram: it is sent again
    except OSError as error:
        raise wire_error(sock, error.errno, to=resolver) from error


def _matching(
    sock: socket.socket, resolver: Address, query: dns.message.Message, ignored: Ignored
) -> dns.message.Message | None:
    try:
        wire = sock.recv(MAX_DATAGRAM)
    except BlockingIOError:
        icmp = read_icmp(sock)
        if icmp:
            raise WireError(0, "unreachable", icmp=icmp) from None
        return None
    except OSError as error:
        raise wire_error(sock, error.errno, to=resolver) from error
    try:
        response = dns.message.from_wire(wire)
    except dns.exception.DNSException:
        ignored.malformed += 1
        return None
    if query.is_response(response):
        return response
    ignored.foreign += 1
    return None
