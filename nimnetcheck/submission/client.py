"""HTTP for submissions, and the only place that uses httpx: every call returns a value, an answer or a trouble.

Names lead where the World says; the address is pinned while SNI and Host stay the name. TLS is always verified, so a
credential leaves over a verified chain only. Proxies in the environment are not used, and redirects are not followed: a
credential must never go where an answer points. No text made here holds anything that was sent.
"""

from __future__ import annotations

import os
import ssl
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

import attrs
import httpx

from nimnetcheck import __version__, failures, net
from nimnetcheck.model import Failure, Rung
from nimnetcheck.probe.trust import Trust
from nimnetcheck.submission import names
from nimnetcheck.submission.messages import Answer, Outcome, Request, Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nimnetcheck.model import Address, World

MAX_BODY_BYTES = 1024 * 1024
MAX_DOWNLOAD_BYTES = 4 * 1024**3
CHUNK_BYTES = 64 * 1024
HTTPS = 443
PATIENCE = 60  # time-outs that one whole exchange may take: a file may be large, a trickle must end
KEPT_HEADERS = ("content-type", "content-length", "location", "retry-after", "server", "date", "www-authenticate")


@attrs.frozen(kw_only=True)
class _Place:
    """One host: its connection, and the addresses to try, as they are dialled."""

    host: str
    port: int
    client: httpx.Client
    targets: tuple[tuple[Address, int], ...]


class Client:
    """Connections to the hosts of one World, one kept alive for each; to be closed (`contextlib.closing`)."""

    def __init__(self, world: World, *, timeout_s: float = 10.0) -> None:
        self._world = world
        self._timeout_s = timeout_s
        self._context = Trust(world.ca_file).named
        self._places: dict[tuple[str, int], _Place] = {}

    def close(self) -> None:
        """Close every connection."""
        for place in self._places.values():
            place.client.close()

    def call(self, request: Request, *, into: IO[bytes] | None = None) -> Outcome:
        """Send one request to the first address that takes a connection; a 2xx body goes `into` a file if given."""
        key = _host_and_port(request.url)
        if key is None:
            return Trouble(failure=Failure.UNKNOWN, detail="not an https URL: nothing was sent")
        if key not in self._places:
            found = names.resolve(self._world, *key, timeout_s=self._timeout_s)
            if isinstance(found, Trouble):
                return found
            self._places[key] = _Place(host=key[0], port=key[1], client=self._connection(), targets=found)
        return self._first(request, self._places[key], into)

    def _connection(self) -> httpx.Client:
        return httpx.Client(
            verify=self._context,
            trust_env=False,
            follow_redirects=False,
            timeout=self._timeout_s,
            headers={"User-Agent": f"nimnetcheck/{__version__}", "Accept-Encoding": "identity"},
        )

    def _first(self, request: Request, place: _Place, into: IO[bytes] | None) -> Outcome:
        """Try the addresses in turn until a connection stands; the first trouble is the one told."""
        troubles = []
        for target in place.targets:
            outcome = self._attempt(request, place, target, into)
            if isinstance(outcome, Answer) or outcome.sent:
                self._places[place.host, place.port] = attrs.evolve(place, targets=(target,))
                return outcome
            troubles.append(outcome)
        return troubles[0]

    def _attempt(self, request: Request, place: _Place, target: tuple[Address, int], into: IO[bytes] | None) -> Outcome:
        progress = _Progress()
        started_s = net.monotonic()
        with ExitStack() as files:
            try:
                prepared = _prepare(request, place, target, files)
                prepared.extensions["trace"] = progress.trace
                response = place.client.send(prepared, stream=True)
                files.callback(response.close)
                body, received = _receive(response, into, until=started_s + PATIENCE * self._timeout_s)
            except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
                failure, detail = _explain(error, progress.rung)
                elapsed_s = net.monotonic() - started_s
                return Trouble(failure=failure, detail=detail, elapsed_s=elapsed_s, sent=progress.rung is Rung.HTTP)
        return Answer(
            status=response.status_code,
            headers={name: response.headers[name][:1000] for name in KEPT_HEADERS if name in response.headers},
            body=body,
            elapsed_s=net.monotonic() - started_s,
            sent=int(prepared.headers.get("content-length", 0)),
            received=received,
        )


class _Progress:
    """How far a request got, from httpcore's own trace of it."""

    def __init__(self) -> None:
        self.rung = Rung.TCP

    def trace(self, event: str, info: Mapping[str, object]) -> None:  # noqa: ARG002 (httpcore's signature)
        if event.endswith("start_tls.started"):
            self.rung = Rung.TLS
        elif event.startswith("http"):
            self.rung = Rung.HTTP


def _host_and_port(url: str) -> tuple[str, int] | None:
    try:
        parts = urlsplit(url)
        port = parts.port or HTTPS
    except ValueError:
        return None
    return (parts.hostname, port) if parts.scheme == "https" and parts.hostname else None


def _prepare(request: Request, place: _Place, target: tuple[Address, int], files: ExitStack) -> httpx.Request:
    """The request as httpx sends it: to an address, in the name of the host."""
    address, dialled = target
    literal = f"[{address}]" if address.version == 6 else str(address)  # noqa: PLR2004 (IP version)
    headers = {"Host": place.host if place.port == HTTPS else f"{place.host}:{place.port}", "Accept": "*/*"}
    if request.authorization:
        headers["Authorization"] = request.authorization
    content, form = None, None
    upload = request.upload
    if upload is not None and upload.part:
        form = {upload.part: (upload.filename, files.enter_context(upload.open()), upload.content_type)}
    elif upload is not None:
        content = _chunks(files.enter_context(upload.open()))
        headers.update({"Content-Type": upload.content_type, "Content-Length": str(upload.size)})
    return place.client.build_request(
        request.method,
        f"https://{literal}:{dialled}/{request.url.split('://', 1)[1].partition('/')[2]}",
        headers=headers,
        json=request.json,
        files=form,
        content=content,
        extensions={"sni_hostname": place.host},
    )


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    yield from iter(lambda: file.read(CHUNK_BYTES), b"")


def _receive(response: httpx.Response, into: IO[bytes] | None, *, until: float) -> tuple[bytes, int]:
    """The body, empty when it went into the file, and its size; raises httpx.ReadTimeout and httpx.DecodingError."""
    limit = MAX_DOWNLOAD_BYTES if into is not None and response.is_success else MAX_BODY_BYTES
    kept = bytearray()
    received = 0
    for chunk in response.iter_raw(CHUNK_BYTES):
        received += len(chunk)
        if received > limit:
            raise httpx.DecodingError("too long")
        if net.monotonic() > until:
            raise httpx.ReadTimeout("too slow")
        if into is not None and response.is_success:
            into.write(chunk)
        else:
            kept += chunk
    return bytes(kept), received


def _explain(error: Exception, rung: Rung) -> tuple[Failure, str]:
    """A library's error as a name and words of our own: its own words may hold what was sent."""
    causes = tuple(_causes(error))
    tls = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    if tls is not None and not isinstance(tls, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        return failures.classify(tls, rung), failures.words(tls)
    if isinstance(error, httpx.TimeoutException):
        return failures.classify(TimeoutError(), rung), "nothing came in time"
    wire = next((cause for cause in causes if tls is None and isinstance(cause, OSError) and cause.errno), None)
    if wire is not None:
        return failures.classify(wire, rung), os.strerror(wire.errno or 0)
    return _explain_protocol(error, rung)


def _explain_protocol(error: Exception, rung: Rung) -> tuple[Failure, str]:
    if isinstance(error, (httpx.LocalProtocolError, httpx.InvalidURL, UnicodeError)):
        return Failure.UNKNOWN, "the request cannot be written as HTTP: unusual characters in the URL or a credential"
    if isinstance(error, httpx.DecodingError):
        return Failure.SUBMIT_UNEXPECTED_ANSWER, "the answer is longer than any that is documented"
    said = str(error)
    if isinstance(error, httpx.RemoteProtocolError) and "disconnected" not in said and "closed" not in said:
        return Failure.HTTP_NOT_HTTP, "what came back is not HTTP"
    return failures.classify(EOFError(), rung), "the connection was closed before the answer was whole"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it was raised from or after, outermost first; httpcore drops the causes, not the contexts."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
