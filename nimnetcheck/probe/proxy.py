"""The proxy rung: CONNECT, by our own hand, because the headers of a refusal say whose refusal it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import h11

from nimnetcheck import __version__
from nimnetcheck.model import Failure, Rung
from nimnetcheck.probe.attempt import printable
from nimnetcheck.probe.head import read_head

if TYPE_CHECKING:
    from nimnetcheck.model import Observation
    from nimnetcheck.net import Steps
    from nimnetcheck.net.stream import Stream
    from nimnetcheck.probe.attempt import Attempt

MAX_HEAD = 16384
SHOWN = ("proxy-authenticate", "proxy-status", "x-squid-error", "via", "server")
REFUSALS = {
    403: Failure.PROXY_DENIED,
    407: Failure.PROXY_AUTH_REQUIRED,
    500: Failure.PROXY_UPSTREAM_FAILED,  # Squid's answer when the name does not resolve
    502: Failure.PROXY_UPSTREAM_FAILED,
    503: Failure.PROXY_UPSTREAM_FAILED,
    504: Failure.PROXY_UPSTREAM_FAILED,
}


def climb(attempt: Attempt) -> Steps[Observation]:
    """Ask the proxy for a tunnel to the endpoint."""
    operation = attempt.begin(Rung.PROXY, f"CONNECT {_authority(attempt)} at {attempt.target}")
    try:
        answer = yield from tunnel(attempt, attempt.connection, operation.until_s)
    except h11.RemoteProtocolError as error:
        return operation.failed(Failure.PROXY_NOT_A_PROXY, printable(str(error)), {})
    except (OSError, EOFError) as error:
        return operation.broken(error)
    status, evidence = f"{answer.status_code} {printable(answer.reason)}".strip(), _evidence(answer)
    if not _opened(answer):
        failure = REFUSALS.get(answer.status_code, Failure.PROXY_NOT_A_PROXY)
        return operation.failed(failure, status, evidence)
    return operation.passed(evidence, status)


def tunnel(attempt: Attempt, stream: Stream, until: float) -> Steps[h11.Response]:
    """Send CONNECT and return the head of the answer; raises h11.RemoteProtocolError, EOFError, and `stream`'s own.

    The credentials that NIM is configured with go to the proxy it is configured with, as NIM itself sends them.
    """
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD)
    authority = _authority(attempt)
    headers = [("Host", authority), ("User-Agent", f"nimnetcheck/{__version__}")]
    proxy = attempt.setup.proxy_for(attempt.endpoint)
    if proxy and proxy.authorization:
        headers.append(("Proxy-Authorization", proxy.authorization))
    request = h11.Request(method="CONNECT", target=authority, headers=headers)
    yield from stream.send((connection.send(request) or b"") + (connection.send(h11.EndOfMessage()) or b""), until)
    return (yield from read_head(connection, stream, until))


def _authority(attempt: Attempt) -> str:
    return f"{attempt.endpoint.host}:{attempt.endpoint.port}"


def _opened(answer: h11.Response) -> bool:
    return 200 <= answer.status_code < 300  # noqa: PLR2004 (any 2xx opens the tunnel: RFC 9110, 9.3.6)


def _evidence(answer: h11.Response) -> dict[str, object]:
    headers = {name.decode("latin-1").lower(): printable(value) for name, value in answer.headers}
    return {"status": answer.status_code, "headers": {name: headers[name] for name in SHOWN if name in headers}}
