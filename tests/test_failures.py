"""Every errno, ICMP message, certificate verdict and TLS reason has its name, and the most specific one wins."""

from __future__ import annotations

import errno
import os
from ipaddress import ip_address

import pytest

from nimnetcheck.failures import Icmp, LateError, WireError, alert, classify, of_icmp, words
from nimnetcheck.model import Failure, Rung

F = Failure
ROUTER, OWN = ip_address("198.51.100.1"), ip_address("192.0.2.2")


class TlsError(OSError):
    """As ssl.SSLError looks from outside."""

    def __init__(self, reason: str | None = None, verify_code: int = 0) -> None:
        super().__init__(1, "ssl")
        self.reason, self.verify_code = reason, verify_code


def wire(code: int, icmp: Icmp | None = None, own: object = None) -> WireError:
    return WireError(code, os.strerror(code), icmp=icmp, own=own)  # type: ignore[arg-type]  # an address or None


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        (errno.ECONNREFUSED, F.TCP_REFUSED),
        (errno.ECONNRESET, F.TCP_RESET),
        (errno.ENETUNREACH, F.NO_ROUTE),
        (errno.EADDRNOTAVAIL, F.NO_ROUTE),
        (errno.EHOSTUNREACH, F.HOST_UNREACHABLE),
        (errno.EPERM, F.BLOCKED_LOCALLY),
        (errno.EACCES, F.BLOCKED_LOCALLY),
        (errno.ETIMEDOUT, F.TCP_TIMEOUT),
        (errno.EBADF, F.UNKNOWN),
    ],
)
def test_an_errno_alone(code: int, failure: Failure) -> None:
    assert classify(wire(code), Rung.TCP) is failure


@pytest.mark.parametrize(
    ("version", "kind", "code", "failure"),
    [
        (4, 3, 0, F.NET_UNREACHABLE),
        (4, 3, 1, F.HOST_UNREACHABLE),
        (4, 3, 3, F.PORT_UNREACHABLE),
        (4, 3, 9, F.ADMIN_PROHIBITED),
        (4, 3, 10, F.ADMIN_PROHIBITED),
        (4, 3, 13, F.ADMIN_PROHIBITED),
        (4, 11, 0, F.NET_UNREACHABLE),
        (6, 1, 0, F.NET_UNREACHABLE),
        (6, 1, 1, F.ADMIN_PROHIBITED),
        (6, 1, 3, F.HOST_UNREACHABLE),
        (6, 1, 4, F.PORT_UNREACHABLE),
        (6, 1, 5, F.ADMIN_PROHIBITED),
        (4, 5, 0, F.UNKNOWN),
    ],
)
def test_the_icmp_message_decides_over_the_errno(version: int, kind: int, code: int, failure: Failure) -> None:
    icmp = Icmp(version=version, type=kind, code=code, sender=ROUTER)
    assert of_icmp(icmp) is failure
    if failure is not F.UNKNOWN:
        assert classify(wire(errno.EHOSTUNREACH, icmp), Rung.TCP) is failure


def test_a_refusal_sent_by_this_host_is_its_own_firewalls() -> None:
    refusal = Icmp(version=4, type=3, code=13, sender=OWN)
    assert classify(wire(errno.EHOSTUNREACH, refusal, OWN), Rung.TCP) is F.BLOCKED_LOCALLY
    assert classify(wire(errno.EHOSTUNREACH, refusal, ROUTER), Rung.TCP) is F.ADMIN_PROHIBITED
    dead_gateway = Icmp(version=4, type=3, code=1, sender=OWN)
    assert classify(wire(errno.EHOSTUNREACH, dead_gateway, OWN), Rung.TCP) is F.HOST_UNREACHABLE


@pytest.mark.parametrize(
    ("rung", "late", "reset", "closed"),
    [
        (Rung.DNS, F.DNS_TIMEOUT, F.TCP_RESET, F.UNKNOWN),
        (Rung.TCP, F.TCP_TIMEOUT, F.TCP_RESET, F.TCP_RESET),
        (Rung.PROXY, F.PROXY_UPSTREAM_FAILED, F.PROXY_NOT_A_PROXY, F.PROXY_NOT_A_PROXY),
        (Rung.TLS, F.TLS_TIMEOUT, F.TLS_RESET, F.TLS_CLOSED),
        (Rung.HTTP, F.HTTP_TIMEOUT, F.HTTP_CLOSED, F.HTTP_CLOSED),
    ],
)
def test_time_outs_resets_and_closes_are_named_by_their_rung(
    rung: Rung, late: Failure, reset: Failure, closed: Failure
) -> None:
    assert classify(LateError(), rung) is late
    assert classify(wire(errno.ECONNRESET), rung) is reset
    assert classify(EOFError(), rung) is closed


def test_a_rst_behind_a_fin_is_a_close_and_no_reset() -> None:
    assert classify(wire(errno.EPIPE), Rung.TLS) is F.TLS_CLOSED


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        (9, F.TLS_NOT_YET_VALID),
        (10, F.TLS_EXPIRED),
        (18, F.TLS_UNTRUSTED),
        (20, F.TLS_UNTRUSTED),
        (62, F.TLS_WRONG_HOST),
        (64, F.TLS_WRONG_HOST),
    ],
)
def test_certificate_verdicts(code: int, failure: Failure) -> None:
    assert classify(TlsError("CERTIFICATE_VERIFY_FAILED", code), Rung.TLS) is failure


@pytest.mark.parametrize(
    ("reason", "first", "failure"),
    [
        ("WRONG_VERSION_NUMBER", b"", F.TLS_NOT_TLS),
        ("HTTP_REQUEST", b"", F.TLS_NOT_TLS),
        ("RECORD_LAYER_FAILURE", b"HTTP/1.1 400", F.TLS_NOT_TLS),
        ("SSLV3_ALERT_HANDSHAKE_FAILURE", b"\x15\x03\x03", F.TLS_ALERT),
        ("TLSV1_UNRECOGNIZED_NAME", b"\x15\x03\x03", F.TLS_ALERT),
        ("UNEXPECTED_EOF_WHILE_READING", b"\x16\x03\x03", F.TLS_CLOSED),
        ("NO_CIPHERS_AVAILABLE", b"", F.TLS_LOCAL_POLICY),
        ("EE_KEY_TOO_SMALL", b"\x16\x03\x03", F.TLS_LOCAL_POLICY),
        ("UNSUPPORTED_PROTOCOL", b"\x16\x03\x01", F.TLS_VERSION),
        ("BAD_SIGNATURE", b"\x16\x03\x03", F.UNKNOWN),
    ],
)
def test_tls_reasons(reason: str, first: bytes, failure: Failure) -> None:
    assert classify(TlsError(reason), Rung.TLS, first=first) is failure


def test_alerts_have_their_number() -> None:
    assert alert(TlsError("SSLV3_ALERT_HANDSHAKE_FAILURE")) == (40, "handshake_failure")
    assert alert(TlsError("TLSV1_ALERT_PROTOCOL_VERSION")) == (70, "protocol_version")
    assert alert(TlsError("TLSV13_ALERT_CERTIFICATE_REQUIRED")) == (116, "certificate_required")
    assert alert(TlsError("TLSV1_UNRECOGNIZED_NAME")) == (112, "unrecognized_name")
    assert alert(TlsError("WRONG_VERSION_NUMBER")) is None


def test_words_name_the_sender() -> None:
    icmp = Icmp(version=4, type=3, code=13, sender=ROUTER)
    assert words(wire(errno.EHOSTUNREACH, icmp)) == "No route to host (ICMP 3/13 from 198.51.100.1)"
    assert words(TlsError("WRONG_VERSION_NUMBER")) == "wrong version number"


def test_to_a_resolver_what_is_no_answer_is_silence() -> None:
    assert classify(wire(errno.ECONNREFUSED), Rung.DNS) is F.DNS_TIMEOUT
    assert classify(wire(errno.EPERM), Rung.DNS) is F.BLOCKED_LOCALLY
    assert classify(wire(errno.ENETUNREACH), Rung.DNS) is F.NO_ROUTE
