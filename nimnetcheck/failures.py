"""Exceptions and wire evidence in, one Failure out, most specific first: pure.

A firewall that rejects, a router without a route and a closed port can share an errno, so the ICMP message behind it
decides where there is one. Sources: linux/icmp.h and icmpv6.h, RFC 1812 5.2.7, RFC 4443 3.1, OpenSSL's x509_vfy.h.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.model import Failure, Rung

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimnetcheck.model import Address

F = Failure
IPV4 = 4


@attrs.frozen(kw_only=True)
class Icmp:
    """An ICMP error as the kernel keeps it for a socket; `sender` is whoever refused, a router or firewall mostly."""

    version: int
    type: int
    code: int
    sender: Address | None = None

    def __str__(self) -> str:
        name = "ICMP" if self.version == IPV4 else "ICMPv6"
        return f"{name} {self.type}/{self.code}" + (f" from {self.sender}" if self.sender else "")


class WireError(OSError):
    """An errno and its evidence: the ICMP message, this host's address unless it is the far one, its end."""

    def __init__(self, code: int, words: str, *, icmp: Icmp | None = None, own: Address | None = None) -> None:
        super().__init__(code, words)
        self.icmp, self.own = icmp, own
        self.counters: Mapping[str, object] = {}

    def __str__(self) -> str:
        return f"{self.strerror} ({self.icmp})" if self.icmp else str(self.strerror)


class LateError(TimeoutError):
    """Nothing came in time; `counters` are TCP's own, which tell silence from a stall."""

    def __init__(self, counters: Mapping[str, object] | None = None) -> None:
        super().__init__()
        self.counters = counters or {}


_NET, _HOST, _PORT, _ADMIN = F.NET_UNREACHABLE, F.HOST_UNREACHABLE, F.PORT_UNREACHABLE, F.ADMIN_PROHIBITED
_CODES: Mapping[tuple[int, int], Mapping[int, Failure]] = {
    (4, 3): {
        0: _NET,
        1: _HOST,
        2: _PORT,
        3: _PORT,
        6: _NET,
        7: _HOST,
        9: _ADMIN,
        10: _ADMIN,
        11: _NET,
        12: _HOST,
        13: _ADMIN,
    },
    (4, 11): {0: _NET},  # the hop limit ran out: packets go in a circle
    (6, 1): {0: _NET, 1: _ADMIN, 2: _NET, 3: _HOST, 4: _PORT, 5: _ADMIN, 6: _ADMIN},
    (6, 3): {0: _NET},
}
_REFUSALS = frozenset({_PORT, _ADMIN})
_ERRNOS: Mapping[int, Failure] = {
    errno.EPERM: F.BLOCKED_LOCALLY,
    errno.EACCES: F.BLOCKED_LOCALLY,  # without ICMP nothing came back: a policy of this host refused
    errno.ENETUNREACH: F.NO_ROUTE,
    errno.EADDRNOTAVAIL: F.NO_ROUTE,  # IPv6 is off on every interface
    errno.EAFNOSUPPORT: F.NO_ROUTE,  # IPv6 is off in the kernel
    errno.EINVAL: F.NO_ROUTE,  # a blackhole route
    errno.EHOSTUNREACH: F.HOST_UNREACHABLE,
    errno.ECONNREFUSED: F.TCP_REFUSED,
    errno.ETIMEDOUT: F.TCP_TIMEOUT,
    errno.ENOPROTOOPT: F.PORT_UNREACHABLE,
}
_TIMEOUTS: Mapping[Rung, Failure] = {
    Rung.DNS: F.DNS_TIMEOUT,
    Rung.TCP: F.TCP_TIMEOUT,
    Rung.PROXY: F.PROXY_UPSTREAM_FAILED,  # it took CONNECT and is still trying
    Rung.TLS: F.TLS_TIMEOUT,
    Rung.HTTP: F.HTTP_TIMEOUT,
    Rung.PATH: F.UPLOAD_STALLED,
}
_RESETS: Mapping[Rung, Failure] = {
    Rung.TCP: F.TCP_RESET,
    Rung.PROXY: F.PROXY_NOT_A_PROXY,
    Rung.TLS: F.TLS_RESET,
    Rung.HTTP: F.HTTP_CLOSED,
    Rung.PATH: F.HTTP_CLOSED,
}
_CLOSES: Mapping[Rung, Failure] = {**_RESETS, Rung.TLS: F.TLS_CLOSED}
_VERIFICATION: Mapping[int, Failure] = {
    9: F.TLS_NOT_YET_VALID,
    10: F.TLS_EXPIRED,
    62: F.TLS_WRONG_HOST,
    64: F.TLS_WRONG_HOST,
    **dict.fromkeys((66, 67, 68), F.TLS_LOCAL_POLICY),  # this host's security level finds a key or digest too weak
}
HELLO_LOST = frozenset({F.TLS_TIMEOUT, F.TLS_RESET, F.TLS_CLOSED})  # nothing came that is TLS
UNVERIFIED = frozenset({F.TLS_UNTRUSTED, *_VERIFICATION.values()})
_REASONS: Mapping[str, Failure] = {
    **dict.fromkeys(("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST"), F.TLS_NOT_TLS),
    "PACKET_LENGTH_TOO_LONG": F.TLS_NOT_TLS,
    "UNEXPECTED_EOF_WHILE_READING": F.TLS_CLOSED,
    **dict.fromkeys(("UNSUPPORTED_PROTOCOL", "WRONG_SSL_VERSION", "VERSION_TOO_LOW"), F.TLS_VERSION),
    # What this side's own rules refuse: a security level, a crypto policy, FIPS.
    **dict.fromkeys(("NO_PROTOCOLS_AVAILABLE", "NO_CIPHERS_AVAILABLE", "WRONG_SIGNATURE_TYPE"), F.TLS_LOCAL_POLICY),
    **dict.fromkeys(("None", "LENGTH_MISMATCH", "CERT_LENGTH_MISMATCH", "EXCESSIVE_MESSAGE_SIZE"), F.TLS_MALFORMED),
    **dict.fromkeys(("BAD_LENGTH", "BAD_EXTENSION", "UNEXPECTED_MESSAGE", "UNEXPECTED_RECORD"), F.TLS_MALFORMED),
}
_RECORDS = range(20, 24)  # content types of TLS records (RFC 8446, 5.1)
# RFC 8446, 6 and its IANA registry, as OpenSSL writes them behind SSLV3_ALERT_, TLSV1_ALERT_, TLSV1_ or TLSV13_ALERT_.
ALERTS: Mapping[str, int] = {
    "UNEXPECTED_MESSAGE": 10,
    "BAD_RECORD_MAC": 20,
    "RECORD_OVERFLOW": 22,
    "HANDSHAKE_FAILURE": 40,
    "BAD_CERTIFICATE": 42,
    "UNSUPPORTED_CERTIFICATE": 43,
    "CERTIFICATE_REVOKED": 44,
    "CERTIFICATE_EXPIRED": 45,
    "CERTIFICATE_UNKNOWN": 46,
    "ILLEGAL_PARAMETER": 47,
    "UNKNOWN_CA": 48,
    "ACCESS_DENIED": 49,
    "DECODE_ERROR": 50,
    "DECRYPT_ERROR": 51,
    "PROTOCOL_VERSION": 70,
    "INSUFFICIENT_SECURITY": 71,
    "INTERNAL_ERROR": 80,
    "INAPPROPRIATE_FALLBACK": 86,
    "USER_CANCELLED": 90,
    "MISSING_EXTENSION": 109,
    "UNSUPPORTED_EXTENSION": 110,
    "UNRECOGNIZED_NAME": 112,
    "BAD_CERTIFICATE_STATUS_RESPONSE": 113,
    "UNKNOWN_PSK_IDENTITY": 115,
    "CERTIFICATE_REQUIRED": 116,
    "NO_APPLICATION_PROTOCOL": 120,
}


def classify(error: BaseException, rung: Rung, *, first: bytes = b"") -> Failure:
    """The name for what ended a rung; `first` is what arrived before it, which can show that it was no TLS at all."""
    verify_code, reason = getattr(error, "verify_code", None), getattr(error, "reason", None)
    if verify_code:
        return _VERIFICATION.get(verify_code, F.TLS_UNTRUSTED)
    if rung is Rung.TLS and first and first[0] not in _RECORDS:
        return F.TLS_NOT_TLS
    if reason is not None or getattr(error, "library", None):  # OpenSSL has no reason for what it cannot parse
        return _tls(str(reason))
    if isinstance(error, TimeoutError) and error.errno is None:
        return _TIMEOUTS.get(rung, F.UNKNOWN)
    if isinstance(error, EOFError):
        return _CLOSES.get(rung, F.UNKNOWN)
    return _wire(error, rung) if isinstance(error, OSError) else F.UNKNOWN


def of_icmp(icmp: Icmp, own: Address | None = None) -> Failure:
    """The name for an ICMP error; a refusal that this host sent to itself is its own firewall's."""
    failure = _CODES.get((icmp.version, icmp.type), {}).get(icmp.code, F.UNKNOWN)
    return F.BLOCKED_LOCALLY if own and icmp.sender == own and failure in _REFUSALS else failure


def alert(error: BaseException) -> tuple[int, str] | None:
    """The number and name of the TLS alert that the other side sent, if that is what the error is."""
    reason = str(getattr(error, "reason", "") or "")
    for prefix in ("SSLV3_ALERT_", "TLSV13_ALERT_", "TLSV1_ALERT_", "TLSV1_"):
        name = reason[len(prefix) :]
        if reason.startswith(prefix) and name in ALERTS:
            return ALERTS[name], name.lower()
    return None


def words(error: BaseException) -> str:
    """What the machine said, in a line; empty where the failure's name says it all."""
    verify = getattr(error, "verify_message", None)
    reason = getattr(error, "reason", None)
    if verify:
        return str(verify)
    if reason:
        return str(reason).replace("_", " ").lower()
    return str(error)


def _tls(reason: str) -> Failure:
    if "ALERT" in reason or reason == "TLSV1_UNRECOGNIZED_NAME":
        return F.TLS_ALERT
    if reason.endswith(("_KEY_TOO_SMALL", "_MD_TOO_WEAK")):
        return F.TLS_LOCAL_POLICY
    return _REASONS.get(reason, F.UNKNOWN)


def _wire(error: OSError, rung: Rung) -> Failure:
    icmp = getattr(error, "icmp", None)
    failure = of_icmp(icmp, getattr(error, "own", None)) if icmp else F.UNKNOWN
    if failure is F.UNKNOWN and error.errno == errno.ECONNRESET:
        failure = _RESETS.get(rung, F.TCP_RESET)
    elif failure is F.UNKNOWN and error.errno == errno.EPIPE:  # a RST that came behind the other side's FIN
        failure = _CLOSES.get(rung, F.TCP_RESET)
    elif failure is F.UNKNOWN:
        failure = _ERRNOS.get(error.errno or 0, F.UNKNOWN)
    # To a resolver everything that came back but an answer is silence: its own title says what to look at.
    return F.DNS_TIMEOUT if rung is Rung.DNS and failure in (_PORT, _HOST, _NET, F.TCP_REFUSED) else failure
