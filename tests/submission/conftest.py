"""Two far sides: a list of answers, for what an emulator cannot be told to do in turn, and a bare TLS server."""

from __future__ import annotations

import ssl
import threading
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import IO, TYPE_CHECKING, Callable, cast

import pytest
import trustme

from nimnetcheck.model import World
from nimnetcheck.submission.client import MAX_BODY_BYTES
from nimnetcheck.submission.flow import Site
from nimnetcheck.submission.folder import opened
from nimnetcheck.submission.licence import Licence
from nimnetcheck.submission.retries import Patience
from nimnetcheck.submission.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nimnetcheck.submission.client import Client
    from nimnetcheck.submission.messages import Outcome, Request

HOST = "nim.example"
HERE = ip_address("192.0.2.10")
Got = list[tuple[str, str, dict[str, str], bytes]]
LICENCE = Licence(
    subject="A-S1",
    subscription_end=None,
    sha256_12="0" * 12,
    jku="",
    token="head.marked-token.signature",  # noqa: S106 (planted, to be looked for)
)
SITE = Site(
    world=World(),
    nim_url="https://nim.example/",
    username="admin",
    password="marked-password",  # noqa: S106 (planted, to be looked for)
    licence=LICENCE,
    poll_s=0.01,
    wait_s=0.05,
    patience=Patience(first_s=0.001),
)


class Scripted:
    """A client that gives one outcome after the other, the last one for ever."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)

    def call(self, request: Request, *, into: IO[bytes] | None = None) -> Outcome:  # noqa: ARG002 (Client's signature)
        """Give the next outcome."""
        if into is not None:
            into.write(b"PK")
        return self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]


@pytest.fixture
def script() -> Iterator[Callable[..., Session]]:
    """Make a session from the outcomes of its calls, in order."""
    with ExitStack() as files:
        yield lambda *outcomes: Session(SITE, cast("Client", Scripted(*outcomes)), files.enter_context(opened()))


STATUSES = {"/redirect": 302, "/missing": 404, "/refused": 401, "/picky": 401}


class Handler(BaseHTTPRequestHandler):
    """Notes each request and answers by its path."""

    protocol_version = "HTTP/1.1"
    got: Got

    def _serve(self) -> None:
        if self.headers.get("Transfer-Encoding"):
            body = b"chunked"
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.got.append((self.command, self.path, dict(self.headers), body))
        if self.path == "/hang-up":
            self.close_connection = True
            return
        if self.path == "/stall":
            threading.Event().wait(1.5)
        if self.path == "/not-http":
            self.wfile.write(b"SSH-2.0-" + self.headers["Authorization"].encode() + b"\r\n\r\n")
            self.close_connection = True
            return
        size = MAX_BODY_BYTES + 1 if self.path == "/long" else 5
        self.send_response(STATUSES.get(self.path, 200))
        if self.path == "/picky" and "Authorization" in self.headers:
            self.send_header("WWW-Authenticate", 'Bearer error="invalid_token"')
        self.send_header("Location", f"https://{HOST}/elsewhere")
        self.send_header("Content-Length", str(size))
        self.end_headers()
        if self.path == "/cut":
            self.close_connection = True
            return
        self.wfile.write(b"x" * size)

    do_GET = do_POST = _serve  # noqa: N815 (http.server's names)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


class FarSide:
    """A host whose certificates a throw-away authority signs, as often as it is served."""

    def __init__(self, authority: trustme.CA, folder: Path) -> None:
        self.authority = authority
        self.ca_file = folder / "ca.pem"
        authority.cert_pem.write_to_path(str(self.ca_file))
        self.port = 0
        self.got: Got = []
        self.names: list[str | None] = []

    @contextmanager
    def serving(self, certificate: trustme.LeafCert | None = None) -> Iterator[World]:
        """A TLS server on loopback; what it got and the names asked for by SNI are noted here."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        (certificate or self.authority.issue_cert(HOST)).configure_cert(context)
        context.sni_callback = lambda _socket, name, _context: self.names.append(name)
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Noting", (Handler,), {"got": self.got}))
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # clients that turn away are what is tested
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self.world(server.server_port)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    def world(self, port: int) -> World:
        """Where the host's name leads to that port of loopback."""
        dial = {(HERE, 443): (ip_address("127.0.0.1"), port)}
        return World(name="test", pins={(HOST, 443): (HERE,)}, dial=dial, ca_file=self.ca_file)


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def far(authority: trustme.CA, tmp_path: Path) -> FarSide:
    """The host at the other end."""
    return FarSide(authority, tmp_path)
