"""HTTP for submissions, by httpx, which is used nowhere else: every call returns a value, an answer or a trouble.

Names lead where the World says; the address is pinned while SNI and Host stay the name. TLS is always verified, so a
credential leaves over a verified chain only. The proxy is ours to choose, and redirects are not followed: a credential
must never go where an answer points. No text made here holds anything that was sent.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import IO, TYPE_CHECKING, Any

import httpx

from nimnetcheck import net
from nimnetcheck.model import Failure, Rung
from nimnetcheck.submission import names, trouble
from nimnetcheck.submission.answers import UNAUTHORIZED
from nimnetcheck.submission.body import CHUNK_BYTES, body_of
from nimnetcheck.submission.inspection import inspector
from nimnetcheck.submission.messages import Answer, Outcome, Request, Trouble
from nimnetcheck.submission.places import Place, Places
from nimnetcheck.submission.route import Anchor

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nimnetcheck.model import World
    from nimnetcheck.site.proxy_setting import ProxySetting

MAX_BODY_BYTES = 1024 * 1024
MAX_DOWNLOAD_BYTES = 4 * 1024**3
HTTPS = 443
PATIENCE = 60  # time-outs that one whole exchange may take: a file may be large, a trickle must end
KEPT_HEADERS = (
    "content-type",
    "content-length",
    "location",
    "retry-after",
    "server",
    "date",
    "www-authenticate",
    "via",
    "proxy-status",
    "x-cache",
    "x-squid-error",
)


class Client:
    """Connections to the hosts of one World; to be closed (`contextlib.closing`).

    `own` is a URL of the user's own host, which is trusted by its anchor and never reached through the proxy.
    """

    def __init__(
        self,
        world: World,
        *,
        timeout_s: float = 10.0,
        own: str = "",
        anchor: Anchor | None = None,
        proxy: ProxySetting | None = None,
    ) -> None:
        self._places = Places(
            world=world, timeout_s=timeout_s, own=names.host_and_port(own), anchor=anchor or Anchor(), proxy=proxy
        )

    def close(self) -> None:
        """Close every connection."""
        self._places.close()

    def call(self, request: Request, *, into: IO[bytes] | None = None) -> Outcome:
        """Send one request to the first address that takes a connection; a 2xx body goes `into` a file if given."""
        key = names.host_and_port(request.url)
        if key is None:
            return Trouble(failure=Failure.UNKNOWN, detail="not an https URL: nothing was sent")
        place = self._places.find(*key)
        return place if isinstance(place, Trouble) else self._first(request, place, into)

    def _first(self, request: Request, place: Place, into: IO[bytes] | None) -> Outcome:
        """Try the addresses in turn until a connection stands; the first trouble is the one told."""
        troubles = []
        for index, target in enumerate(place.targets):
            outcome = self._attempt(request, place, target, into)
            if isinstance(outcome, Answer):
                self._places.prefer(place, (target,))
                return outcome
            if outcome.sent:  # the next attempt, if there is one, begins with another address
                self._places.prefer(place, place.targets[index + 1 :] + place.targets[: index + 1])
                return outcome
            troubles.append(outcome)
        return troubles[0]

    def _attempt(self, request: Request, place: Place, target: str, into: IO[bytes] | None) -> Outcome:
        progress = _Progress(proxied=place.proxied)
        started_s = net.monotonic()
        self._places.deadline.until_s = started_s + PATIENCE * self._places.timeout_s
        self._places.deadline.taken = 0
        with ExitStack() as files:
            try:
                prepared = _prepare(request, place, target, files)
                prepared.extensions["trace"] = progress.trace
                response = place.client.send(prepared, stream=True)
                files.callback(response.close)
                progress.status = response.status_code
                body, received = _receive(response, into)
            except trouble.ERRORS as error:
                failure, detail = trouble.explain(error, progress.rung)
                return Trouble(
                    failure=failure,
                    detail=detail,
                    elapsed_s=net.monotonic() - started_s,
                    sent=progress.rung is Rung.HTTP,
                    whole=progress.whole,
                    status=progress.status,
                )
        if self._places.deadline.taken > progress.head + received:
            self._places.drop(place)  # more came than this answer: it must not be taken for that of the next request
        return Answer(
            status=response.status_code,
            headers={name: response.headers[name][:1000] for name in KEPT_HEADERS if name in response.headers},
            body=body,
            elapsed_s=net.monotonic() - started_s,
            sent=int(prepared.headers.get("content-length", 0)),
            received=received,
            inspected_by=self._inspector(response) if response.status_code in UNAUTHORIZED else "",
        )

    def _inspector(self, response: httpx.Response) -> str:
        connection = response.extensions["network_stream"].get_extra_info("ssl_object")
        return inspector(connection.getpeercert(True), self._places.world)  # noqa: FBT003 (in DER; it takes no keyword)


class _Progress:
    """How far a request got, from httpcore's own trace of it."""

    def __init__(self, *, proxied: bool) -> None:
        self.rung = Rung.TCP
        self._proxied, self._at_proxy = proxied, False
        self.whole = False
        self.status: int | None = None
        self.head = 0  # bytes of the answer's head, as it is usually written

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        if event.endswith("connect_tcp.started"):
            self._at_proxy = self._proxied
        elif event.endswith("start_tls.started"):
            self.rung = Rung.TLS
            self._at_proxy = False
        elif self._at_proxy and event.startswith("http"):
            self.rung = Rung.PROXY
        elif event.startswith("http"):
            self.rung = Rung.HTTP
            self.whole = self.whole or event.endswith("send_request_body.complete")
            if event.endswith("receive_response_headers.complete"):
                self.head = _length(*info["return_value"])


def _length(version: bytes, status: int, reason: bytes, headers: Iterable[tuple[bytes, bytes]]) -> int:
    """How long the head is that says this, with its line ends."""
    first = b"%s %d %s\r\n" % (version, status, reason)
    return len(first) + sum(len(name) + len(value) + len(b": \r\n") for name, value in headers) + len(b"\r\n")


def _prepare(request: Request, place: Place, target: str, files: ExitStack) -> httpx.Request:
    """The request as httpx sends it: to an address, in the name of the host."""
    headers = {"Host": place.host if place.port == HTTPS else f"{place.host}:{place.port}", "Accept": "*/*"}
    if request.authorization:
        headers["Authorization"] = request.authorization
    content = None
    if request.upload is not None:
        body = body_of(request.upload)
        file = files.enter_context(request.upload.open())
        content = body.chunks(file, request.upload.before_end, request.upload.told)
        headers.update({"Content-Type": body.content_type, "Content-Length": str(body.size)})
    return place.client.build_request(
        request.method,
        f"https://{target}/{request.url.split('://', 1)[1].partition('/')[2]}",
        headers=headers,
        json=request.json,
        content=content,
        extensions={"sni_hostname": place.host},
    )


def _receive(response: httpx.Response, into: IO[bytes] | None) -> tuple[bytes, int]:
    """The body, empty when it went into the file, and its size; raises httpx.DecodingError for one that is too long."""
    limit = MAX_DOWNLOAD_BYTES if into is not None and response.is_success else MAX_BODY_BYTES
    kept = bytearray()
    received = 0
    for chunk in response.iter_raw(CHUNK_BYTES):
        received += len(chunk)
        if received > limit:
            raise httpx.DecodingError("too long")
        if into is not None and response.is_success:
            into.write(chunk)
        else:
            kept += chunk
    return bytes(kept), received
