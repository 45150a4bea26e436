"""The proxy rung: CONNECT, by our own hand, because the headers of a refusal say whose refusal it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import h11

from nimnetcheck import __version__
from nimnetcheck.failures import classify, words
from nimnetcheck.model import Failure, Rung
from nimnetcheck.net.stream import connect
from nimnetcheck.probe.attempt import printable, wire_evidence
from nimnetcheck.probe.head import read_head

if TYPE_CHECKING:
    from nimnetcheck.model import Observation
    from nimnetcheck.net import Steps
    from nimnetcheck.net.stream import Stream
    from nimnetcheck.probe.attempt import Attempt, Operation

MAX_HEAD = 16384
MAX_HEADERS = 24
PRIVATE = frozenset({"set-cookie"})  # a session of whoever asks is nobody else's business
REFUSALS = {
    403: Failure.PROXY_DENIED,
    407: Failure.PROXY_AUTH_REQUIRED,
    500: Failure.PROXY_UPSTREAM_FAILED,  # Squid's answer when the name does not resolve
    502: Failure.PROXY_UPSTREAM_FAILED,
    503: Failure.PROXY_UPSTREAM_FAILED,
    504: Failure.PROXY_UPSTREAM_FAILED,
}


def climb(attempt: Attempt) -> Steps[Observation]:
    """Ask the proxy for a tunnel to the endpoint; a proxy that is spoken to in TLS is shaken hands with first."""
    operation = attempt.begin(Rung.PROXY, f"CONNECT {_authority(attempt)} at {attempt.target}")
    proxy = attempt.setup.proxy_for(attempt.endpoint)
    known: dict[str, object] = {"proxy": str(proxy), "credentials_sent": bool(proxy and proxy.authorization)}
    broken = yield from _secure(attempt, operation, known)
    if broken:
        return broken
    try:
        answer = yield from tunnel(attempt, attempt.connection, operation.until_s)
    except h11.RemoteProtocolError as error:
        first = printable(attempt.connection.first)
        return operation.failed(Failure.PROXY_NOT_A_PROXY, printable(str(error)), {**known, "first_bytes": first})
    except (OSError, EOFError) as error:
        return operation.failed(classify(error, Rung.PROXY), words(error), {**known, **wire_evidence(error)})
    evidence = {**known, **answer_evidence(answer)}
    status = f"{answer.status_code} {printable(answer.reason)}".strip()
    if not opened(answer):
        failure = REFUSALS.get(answer.status_code, Failure.PROXY_NOT_A_PROXY)
        return operation.failed(failure, f"{status}{_reason(answer)}", evidence)
    return operation.passed(evidence, status)


def reach(attempt: Attempt, until: float) -> Steps[Stream]:
    """A connection of its own to the endpoint, through the proxy if there is one; raises as `tunnel` does."""
    address, port = attempt.target.dialled
    below = yield from connect(address, port, until)
    try:
        stream = yield from greet(attempt, below, until)
        if attempt.setup.proxy_for(attempt.endpoint):
            yield from tunnel(attempt, stream, until)
    except BaseException:
        below.close()
        raise
    return stream


def greet(attempt: Attempt, below: Stream, until: float) -> Steps[Stream]:
    """The connection as the proxy wants to be spoken to: in TLS, or as it is; raises ssl.SSLError."""
    proxy = attempt.setup.proxy_for(attempt.endpoint)
    if proxy is None or proxy.scheme != "https":
        return below
    from nimnetcheck.probe.tls_stream import TlsStream  # noqa: PLC0415 (ssl, which an http proxy does not need)

    trust = attempt.setup.trust
    # As NIM's proxy_ssl_verify says: the proxy's certificate is verified, or it is not.
    stream = TlsStream(below, trust.named if proxy.verify else trust.blind, proxy.host)
    yield from stream.handshake(until)
    return stream


def tunnel(attempt: Attempt, stream: Stream, until: float, authority: str = "") -> Steps[h11.Response]:
    """Send CONNECT and return the head of the answer; raises h11.RemoteProtocolError, EOFError, and `stream`'s own.

    The credentials that NIM is configured with go to the proxy it is configured with, as NIM itself sends them.
    """
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD)
    authority = authority or _authority(attempt)
    headers = [("Host", authority), ("User-Agent", f"nimnetcheck/{__version__}")]
    proxy = attempt.setup.proxy_for(attempt.endpoint)
    if proxy and proxy.authorization:
        headers.append(("Proxy-Authorization", proxy.authorization))
    request = h11.Request(method="CONNECT", target=authority, headers=headers)
    yield from stream.send((connection.send(request) or b"") + (connection.send(h11.EndOfMessage()) or b""), until)
    return (yield from read_head(connection, stream, until))


def opened(answer: h11.Response) -> bool:
    """Whether the tunnel is open: any 2xx (RFC 9110, 9.3.6)."""
    return 200 <= answer.status_code < 300  # noqa: PLR2004 (as said)


def answer_evidence(answer: h11.Response) -> dict[str, object]:
    """The status, the headers, and the schemes of authentication that are offered."""
    pairs = [(name.decode("latin-1").lower(), printable(value)) for name, value in answer.headers]
    evidence: dict[str, object] = {
        "status": answer.status_code,
        "headers": {name: value for name, value in pairs[:MAX_HEADERS] if name not in PRIVATE},
    }
    schemes = [value.partition(" ")[0].lower() for name, value in pairs if name == "proxy-authenticate"]
    if schemes:
        evidence["schemes"] = list(dict.fromkeys(schemes))
    return evidence


def _secure(attempt: Attempt, operation: Operation, known: dict[str, object]) -> Steps[Observation | None]:
    """TLS with the proxy itself; the observation that ends the climb, where that fails."""
    below = attempt.connection
    try:
        attempt.stream = yield from greet(attempt, below, operation.until_s)
    except (OSError, EOFError) as error:
        failure = classify(error, Rung.TLS, first=below.first)
        evidence = {**known, "stage": "proxy-tls", "first_bytes": printable(below.first), **wire_evidence(error)}
        code = getattr(error, "verify_code", None)
        return operation.failed(failure, words(error), {**evidence, **({"verify_code": code} if code else {})})
    return None


def _authority(attempt: Attempt) -> str:
    return f"{attempt.endpoint.host}:{attempt.endpoint.port}"


def _reason(answer: h11.Response) -> str:
    """What the proxy itself gives as its reason: Squid's header, and the standard one (RFC 9209)."""
    headers = {name.lower(): value for name, value in answer.headers}
    said = [printable(headers[name]) for name in (b"x-squid-error", b"proxy-status") if name in headers]
    return f" ({'; '.join(said)})" if said else ""
