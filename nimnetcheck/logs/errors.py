"""Error texts of the programs that send usage (Go in NIM, nginx, curl in the scripts) become names: pure tables."""

from __future__ import annotations

import errno
import re

import attrs

from nimnetcheck.model import Failure, Rung

F = Failure
HOST = re.compile(
    r"https?://(?:\[)?([A-Za-z0-9.-]+)|lookup ([A-Za-z0-9.-]+)|host: ([A-Za-z0-9.-]+)|to ([A-Za-z0-9.-]+) port"
)
TO_THE_PROXY = "proxyconnect"  # Go's word for its way to the proxy itself
STATUS = re.compile(r"status(?: ?code)?[ =:]+(\d{3})\b", re.IGNORECASE)


@attrs.frozen
class Meaning:
    """What a line tells: a failure on its rung, or success where there is none; the host and status it names."""

    failure: Failure | None
    rung: Rung
    host: str = ""
    status: int = 0


# Most specific first. Go: net, crypto/tls, crypto/x509, net/http; then curl's exit messages.
TEXTS: tuple[tuple[re.Pattern[str], Failure, Rung], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), failure, rung)
    for pattern, failure, rung in (
        (r"Proxy Authentication Required|code 407 from proxy", F.PROXY_AUTH_REQUIRED, Rung.PROXY),
        (r"code 403 from proxy|\": Forbidden$", F.PROXY_DENIED, Rung.PROXY),
        (r"code 50[0-9] from proxy", F.PROXY_UPSTREAM_FAILED, Rung.PROXY),
        (r"\": (Bad Gateway|Service Unavailable|Gateway Timeout)$", F.PROXY_UPSTREAM_FAILED, Rung.PROXY),
        (r"malformed HTTP response|malformed HTTP status code", F.PROXY_NOT_A_PROXY, Rung.PROXY),
        (r"no such host|could not resolve|Name or service not known", F.DNS_NXDOMAIN, Rung.DNS),
        (r"server misbehaving", F.DNS_SERVFAIL, Rung.DNS),
        (r"lookup .*: i/o timeout|Temporary failure in name resolution", F.DNS_TIMEOUT, Rung.DNS),
        (r"certificate has expired.*is after|certificate has expired$", F.TLS_EXPIRED, Rung.TLS),
        (r"not yet valid.*is before", F.TLS_NOT_YET_VALID, Rung.TLS),
        (r"certificate is (valid for .* not|not valid for any names)", F.TLS_WRONG_HOST, Rung.TLS),
        (r"no alternative certificate subject", F.TLS_WRONG_HOST, Rung.TLS),
        (r"x509: |SSL certificate problem|certificate verify failed", F.TLS_UNTRUSTED, Rung.TLS),
        (r"first record does not look like a TLS handshake|wrong version number", F.TLS_NOT_TLS, Rung.TLS),
        (r"TLS handshake timeout", F.TLS_TIMEOUT, Rung.TLS),
        (r"remote error: tls|alert handshake failure", F.TLS_ALERT, Rung.TLS),
        (r"operation not permitted|permission denied", F.BLOCKED_LOCALLY, Rung.TCP),
        (r"network is unreachable|cannot assign requested address", F.NO_ROUTE, Rung.TCP),
        (r"no route to host", F.HOST_UNREACHABLE, Rung.TCP),
        (r"connection refused", F.TCP_REFUSED, Rung.TCP),
        (r"connection reset by peer", F.TCP_RESET, Rung.TCP),
        (r"dial tcp .*i/o timeout|connection timed out|curl: \((28)\)", F.TCP_TIMEOUT, Rung.TCP),
        (r"context deadline exceeded|Client\.Timeout|i/o timeout", F.HTTP_TIMEOUT, Rung.HTTP),
        (r"unexpected EOF|: EOF\b|server closed", F.HTTP_CLOSED, Rung.HTTP),
    )
)
ERRNOS = {
    errno.ECONNREFUSED: F.TCP_REFUSED,
    errno.ETIMEDOUT: F.TCP_TIMEOUT,
    errno.EHOSTUNREACH: F.HOST_UNREACHABLE,
    errno.ENETUNREACH: F.NO_ROUTE,
    errno.ECONNRESET: F.TCP_RESET,
    errno.EPERM: F.BLOCKED_LOCALLY,
    errno.EACCES: F.BLOCKED_LOCALLY,
    errno.EADDRNOTAVAIL: F.NO_ROUTE,
}
VERIFICATION = {9: F.TLS_NOT_YET_VALID, 10: F.TLS_EXPIRED, 62: F.TLS_WRONG_HOST, 64: F.TLS_WRONG_HOST}
RESOLVER = {  # what nginx's resolver calls them
    "host not found": F.DNS_NXDOMAIN,
    "server failure": F.DNS_SERVFAIL,
    "operation refused": F.DNS_REFUSED,
    "operation timed out": F.DNS_TIMEOUT,
    "format error": F.DNS_MALFORMED,
}


def of_text(text: str) -> Meaning:
    """The meaning of an error's text; unknown where nothing in it is known."""
    found = HOST.search(text)
    host = next((group for group in found.groups() if group), "").rstrip(".").lower() if found else ""
    for pattern, failure, rung in TEXTS:
        if pattern.search(text):
            return Meaning(failure, Rung.PROXY if TO_THE_PROXY in text else rung, host)
    status = STATUS.search(text)
    return attrs.evolve(of_status(int(status[1])), host=host) if status else Meaning(F.UNKNOWN, Rung.SUBMIT, host)


def of_status(status: int) -> Meaning:
    """The meaning of a status that the product was answered; 200, 201 and 204 are what F5 documents as accepted."""
    if status in (200, 201, 202, 204):
        return Meaning(None, Rung.SUBMIT, status=status)
    if status in (401, 403):
        return Meaning(F.SUBMIT_UNAUTHORIZED, Rung.SUBMIT, status=status)
    if status == 407:  # noqa: PLR2004 (Proxy Authentication Required)
        return Meaning(F.PROXY_AUTH_REQUIRED, Rung.PROXY, status=status)
    if status == 429 or (status >= 500 and status != 501):  # noqa: PLR2004 (Too Many Requests, and server errors)
        return Meaning(F.HTTP_STATUS, Rung.SUBMIT, status=status)
    if status >= 400:  # noqa: PLR2004 (client errors)
        return Meaning(F.SUBMIT_REFUSED, Rung.SUBMIT, status=status)
    return Meaning(F.SUBMIT_UNEXPECTED_ANSWER, Rung.SUBMIT, status=status)


def of_errno(number: int) -> Meaning:
    """The meaning of the error number that nginx gives for a connection."""
    return Meaning(ERRNOS.get(number, F.UNKNOWN), Rung.TCP)
