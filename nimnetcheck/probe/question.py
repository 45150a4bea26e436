"""One question to one resolver, and what its answer means."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Callable

import attrs
import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype

from nimnetcheck.failures import WireError, classify, words
from nimnetcheck.model import Failure, Rung
from nimnetcheck.net import Open, Steps, Wait, monotonic
from nimnetcheck.net.sockets import read_icmp, sockaddr
from nimnetcheck.net.stream import connect, wire_error
from nimnetcheck.probe.attempt import printable, wire_evidence

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping

    from nimnetcheck.model import Address

RESEND_S = 1.0
LENGTH = 2  # octets before a message over TCP (RFC 1035, 4.2.2)
MAX_ADDRESSES = 64
MAX_DATAGRAM = 65535
RCODES: Mapping[int, Failure] = {
    dns.rcode.NXDOMAIN: Failure.DNS_NXDOMAIN,
    dns.rcode.SERVFAIL: Failure.DNS_SERVFAIL,
    dns.rcode.REFUSED: Failure.DNS_REFUSED,
}


@attrs.frozen(kw_only=True)
class Answer:
    """What one resolver said: the addresses, or why there are none."""

    failure: Failure | None = None
    detail: str = ""
    addresses: tuple[Address, ...] = ()
    evidence: Mapping[str, object] = attrs.field(factory=dict)


def ask(host: str, kind: dns.rdatatype.RdataType, resolver: tuple[Address, int], until: float) -> Steps[Answer]:
    """One question to one resolver: by UDP, again on loss, and by TCP where the answer does not fit."""
    since_s = monotonic()
    query = dns.message.make_query(host, kind)  # with a random id, and no EDNS: as the C library asks
    evidence: dict[str, object] = {"resolver": f"{resolver[0]} port {resolver[1]}"}
    ignored: dict[str, int] = {}
    try:
        response = yield from _by_udp(query, resolver, until, ignored)
        if response.flags & dns.flags.TC:
            evidence["truncated"] = True
            response = yield from _by_tcp(query, resolver, until)
    except (OSError, EOFError, dns.exception.DNSException) as error:
        evidence.update(wire_evidence(error))
        failure = _failure(error, ignored)
        detail = ": ".join(part for part in (str(resolver[0]), printable(words(error))) if part)
        return Answer(failure=failure, detail=detail, evidence={**evidence, **ignored})
    evidence["rtt_ms"] = round((monotonic() - since_s) * 1000, 3)
    return _read(response, str(resolver[0]), {**evidence, **ignored})


def _failure(error: Exception, ignored: Mapping[str, int]) -> Failure:
    if isinstance(error, dns.exception.DNSException) or ignored.get("malformed"):
        return Failure.DNS_MALFORMED
    return Failure.DNS_TIMEOUT if isinstance(error, EOFError) else classify(error, Rung.DNS)


def _by_udp(
    query: dns.message.Message, resolver: tuple[Address, int], until: float, ignored: dict[str, int]
) -> Steps[dns.message.Message]:
    """Send, wait, send again; the socket is connected, so that the kernel drops what others send.

    Answers with another id or question are counted in `ignored` and waited past, as what cannot be read is.
    """
    sock: socket.socket = yield Open(resolver[0].version, "udp")
    try:
        _system(sock, resolver[0], lambda: sock.connect(sockaddr(*resolver)))
        while monotonic() < until:
            _system(sock, resolver[0], lambda: sock.send(query.to_wire()))
            resend_s = min(until, monotonic() + RESEND_S)
            while (yield Wait(sock, "read", resend_s)):
                response = _matching(sock, resolver[0], query, ignored)
                if response:
                    return response
    finally:
        sock.close()
    raise TimeoutError


def _system(sock: socket.socket, resolver: Address, call: Callable[[], object]) -> None:
    """A system call whose errors carry the ICMP message behind them."""
    try:
        call()
    except BlockingIOError:
        pass  # a full buffer is a lost datagram: it is sent again
    except OSError as error:
        raise wire_error(sock, error.errno, to=resolver) from error


def _matching(
    sock: socket.socket, resolver: Address, query: dns.message.Message, ignored: dict[str, int]
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
        ignored["malformed"] = ignored.get("malformed", 0) + 1
        return None
    if query.is_response(response):
        return response
    ignored["foreign"] = ignored.get("foreign", 0) + 1
    return None


def _by_tcp(query: dns.message.Message, resolver: tuple[Address, int], until: float) -> Steps[dns.message.Message]:
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


def _read(response: dns.message.Message, resolver: str, evidence: dict[str, object]) -> Answer:
    """An answer's meaning: its addresses with the chain of names that led to them; pure."""
    rcode = response.rcode()
    evidence["rcode"] = dns.rcode.to_text(rcode)
    if rcode not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        failure = RCODES.get(rcode, Failure.DNS_SERVFAIL)
        return Answer(failure=failure, detail=f"{resolver} answered {evidence['rcode']}", evidence=evidence)
    try:
        chain = response.resolve_chaining()  # type: ignore[attr-defined]  # of QueryMessage, which from_wire makes
    except dns.exception.DNSException as error:
        return Answer(failure=Failure.DNS_MALFORMED, detail=printable(str(error)), evidence=evidence)
    evidence["cnames"] = [
        printable(record.target.to_text(omit_final_dot=True)) for rrset in chain.cnames for record in rrset
    ]
    if rcode == dns.rcode.NXDOMAIN:
        return Answer(failure=Failure.DNS_NXDOMAIN, detail=f"{resolver} answered NXDOMAIN", evidence=evidence)
    if chain.answer is None:
        return Answer(failure=Failure.DNS_NO_DATA, detail=f"{resolver} knows no such record", evidence=evidence)
    evidence["ttl_s"] = chain.minimum_ttl
    # Resolvers rotate their answers; reports of two runs should not differ for that.
    addresses = sorted({ip_address(record.address) for record in chain.answer})
    return Answer(addresses=tuple(addresses[:MAX_ADDRESSES]), evidence=evidence)
