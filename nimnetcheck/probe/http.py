"""The HTTP rung: one GET without credentials; any status from the right host means that the path is open."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import attrs
import h11

from nimnetcheck import __version__
from nimnetcheck.failures import WireError, alert, classify, words
from nimnetcheck.model import Failure, Rung
from nimnetcheck.net import monotonic
from nimnetcheck.probe.attempt import printable, wire_evidence
from nimnetcheck.probe.block_pages import recognise
from nimnetcheck.probe.head import read_head

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimnetcheck.model import Observation
    from nimnetcheck.net import Steps
    from nimnetcheck.net.stream import Stream
    from nimnetcheck.probe.attempt import Attempt

HTTPS = 443
AGENT = f"nimnetcheck/{__version__}"
MAX_BODY = 65536
SHOWN = (
    "server",
    "date",
    "content-type",
    "content-length",
    "location",
    "via",
    "proxy-status",
    "x-cache",
    "x-squid-error",
    "retry-after",
    "www-authenticate",
)
PROXY_AUTH, NETWORK_AUTH = 407, 511  # no origin gives them: a proxy does, and an access network (RFC 6585, 6)
GATEWAY_ERRORS = frozenset({502, 503, 504})
GATEWAY_HEADERS = ("proxy-status", "via", "x-cache", "x-squid-error")


@attrs.frozen(kw_only=True)
class Answer:
    """One HTTP answer: header names in lower case, a body of at most 64 KiB, and whether that was all of it.

    `waited_s` lies between the last byte of the request and the end of the answer's head.
    """

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes = b""
    complete: bool = True
    waited_s: float = 0.0


def climb(attempt: Attempt) -> Steps[Observation]:
    """GET the endpoint's path from its host, and see whether it is the host that answers."""
    operation = attempt.begin(Rung.HTTP, f"GET {attempt.endpoint.path} at {attempt.target}")
    try:
        answer = yield from exchange(attempt.connection, request(attempt), operation.until_s)
    except h11.RemoteProtocolError as error:
        return operation.failed(Failure.HTTP_NOT_HTTP, printable(str(error)), {})
    except (OSError, EOFError) as error:
        sent = alert(error)
        evidence = wire_evidence(error)
        if sent:
            evidence["alert"] = {"number": sent[0], "name": sent[1]}
            # It came encrypted from the host that the certificate proved, so it is the host's own refusal.
            return operation.passed(evidence, f"the host refuses the session ({words(error)}): the path is open")
        return operation.failed(classify(error, Rung.HTTP), words(error), evidence)
    failure, detail = judge(answer, host_of(attempt))
    evidence = _evidence(answer)
    if failure:
        return operation.failed(failure, detail, evidence)
    return operation.passed(evidence, detail)


def host_of(attempt: Attempt) -> str:
    """Whose answer is wanted: the endpoint's name, or where it has none the address."""
    return attempt.endpoint.host or str(attempt.target.address)


def authority(attempt: Attempt) -> str:
    """The host as a request names it, with the port where it is not that of https."""
    host, port = host_of(attempt), attempt.endpoint.port
    return host if port == HTTPS else f"{host}:{port}"


def request(attempt: Attempt, *more: tuple[str, str], agent: str = AGENT, keep: bool = False) -> h11.Request:
    """The GET of the endpoint's path, without credentials, by this tool or by somebody else's name.

    `keep` asks for the connection to be kept open for another.
    """
    last = ("Connection", "keep-alive" if keep else "close")
    headers = [("Host", authority(attempt)), ("User-Agent", agent), ("Accept", "*/*"), *more, last]
    return h11.Request(method="GET", target=attempt.endpoint.path, headers=headers)


def exchange(stream: Stream, asked: h11.Request, until: float) -> Steps[Answer]:
    """Send one request without a body, return its answer; what fails after the head leaves the answer incomplete.

    Raises: h11.RemoteProtocolError for what is no HTTP, EOFError where the connection ended first, and what `stream`
    raises.
    """
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_BODY)
    out = (connection.send(asked) or b"") + (connection.send(h11.EndOfMessage()) or b"")
    refused: OSError | None = None
    try:
        yield from stream.send(out, until)
    except WireError as error:
        refused = error  # what the other side said before it closed can still be read
    asked_s = monotonic()
    try:
        head = yield from read_head(connection, stream, until)
    except EOFError:
        raise refused or EOFError from None
    waited_s = monotonic() - asked_s
    body, complete = yield from _body(connection, stream, until)
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in head.headers}
    return Answer(
        status=head.status_code,
        reason=head.reason.decode("latin-1"),
        headers=headers,
        body=body[:MAX_BODY],
        complete=complete,
        waited_s=waited_s,
    )


def judge(answer: Answer, host: str) -> tuple[Failure | None, str]:
    """Whether the answer can be the host's own: a failure and words for it, or None and the status; pure."""
    status = f"{answer.status} {printable(answer.reason)}".strip()
    product = recognise(answer.headers, answer.body.decode("utf-8", "replace"))
    if product:
        return Failure.HTTP_BLOCK_PAGE, f"{status}, a page of {product}"
    if answer.status == NETWORK_AUTH:
        return Failure.HTTP_CAPTIVE_PORTAL, f"{status}: the access network answers"
    if answer.status == PROXY_AUTH:
        return Failure.HTTP_STATUS, f"{status}: something on the way answers"
    between = next((name for name in GATEWAY_HEADERS if name in answer.headers), None)
    if answer.status in GATEWAY_ERRORS and between:
        return Failure.HTTP_GATEWAY_ERROR, f"{status}, {between}: {printable(answer.headers[between])}"
    elsewhere = _redirected_to(answer, host)
    if elsewhere:
        return Failure.HTTP_REDIRECT_OFF_SITE, f"{status} to {elsewhere}"
    return None, status


def _redirected_to(answer: Answer, host: str) -> str | None:
    """The other host that a redirect leads to, if it does."""
    location = answer.headers.get("location", "")
    if not 300 <= answer.status < 400 or not location:  # noqa: PLR2004 (redirection, RFC 9110, 15.4)
        return None
    try:
        other = urlsplit(location).hostname
    except ValueError:
        return printable(location)
    return printable(other) if other and other.rstrip(".").lower() != host.lower() else None


def _body(connection: h11.Connection, stream: Stream, until: float) -> Steps[tuple[bytes, bool]]:
    """What there is of the body, up to the bound, and whether it is whole; trouble here changes no verdict."""
    body = b""
    try:
        while len(body) < MAX_BODY:
            event = connection.next_event()
            if isinstance(event, h11.Data):
                body += event.data
            elif event is h11.NEED_DATA:
                connection.receive_data((yield from stream.receive(until)))
            else:
                return body, True
    except (OSError, EOFError, h11.RemoteProtocolError):
        pass
    return body, False


def _evidence(answer: Answer) -> dict[str, object]:
    shown = {name: printable(answer.headers[name]) for name in SHOWN if name in answer.headers}
    evidence: dict[str, object] = {"status": answer.status, "headers": shown, "body": printable(answer.body)}
    if "date" in shown:
        evidence["date"] = shown["date"]
    if answer.waited_s:
        evidence["wait_ms"] = round(answer.waited_s * 1000, 3)
    if not answer.complete:
        evidence["body_incomplete"] = True
    return evidence
