"""The client against a real TLS server on loopback: what it sends, what it refuses, and what it never says."""

from __future__ import annotations

import io
import socket
import ssl
import threading
from contextlib import closing, contextmanager, nullcontext
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address, ip_address
from typing import TYPE_CHECKING, Callable

import pytest
import trustme

from nimnetcheck.model import Failure, World
from nimnetcheck.submission.client import MAX_BODY_BYTES, Client
from nimnetcheck.submission.messages import Answer, Request, Trouble, Upload

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOST = "nim.example"
HERE = ip_address("192.0.2.10")
LOOPBACK = IPv4Address("127.0.0.1")
SECRET = "Bearer marked.secret.token"  # noqa: S105 (planted, to be looked for)
Got = list[tuple[str, str, dict[str, str], bytes]]


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
        self.send_response(302 if self.path == "/redirect" else 404 if self.path == "/missing" else 200)
        self.send_header("Location", f"https://{HOST}/elsewhere")
        self.send_header("Content-Length", str(size))
        self.end_headers()
        self.wfile.write(b"x" * size)

    do_GET = do_POST = _serve  # noqa: N815 (http.server's names)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@contextmanager
def serving(certificate: trustme.LeafCert) -> Iterator[tuple[int, Got, set[str | None]]]:
    """A TLS server with that certificate: its port, what it got, and the names asked for by SNI."""
    names: set[str | None] = set()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    context.sni_callback = lambda _socket, name, _context: names.add(name)
    handler = type("Noting", (Handler,), {"got": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that turns away is what is tested
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port, handler.got, names  # type: ignore[attr-defined]  # set just above
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def world(port: int, ca_file: Path | None, *addresses: str) -> World:
    found = tuple(ip_address(address) for address in addresses) or (HERE,)
    return World(
        name="test",
        pins={(HOST, 443): found},
        dial={(HERE, 443): (LOOPBACK, port)},
        ca_file=ca_file,
    )


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def call(where: World, request: Request, timeout_s: float = 1.0) -> Answer | Trouble:
    with closing(Client(where, timeout_s=timeout_s)) as client:
        return client.call(request)


def get(path: str) -> Request:
    return Request(method="GET", url=f"https://{HOST}{path}", authorization=SECRET)


def test_sni_and_host_stay_the_name_and_the_connection_is_kept(authority: trustme.CA, ca_file: Path) -> None:
    with serving(authority.issue_cert(HOST)) as (port, got, names), closing(Client(world(port, ca_file))) as client:
        outcomes = [client.call(get("/one?format=zip")), client.call(get("/two"))]
        connections = len({id(outcome) for outcome in outcomes})
    assert connections == 2
    assert all(isinstance(outcome, Answer) and outcome.status == 200 for outcome in outcomes)
    assert names == {HOST}
    assert [(path, headers["Host"], headers["Authorization"]) for _, path, headers, _ in got] == [
        ("/one?format=zip", HOST, SECRET),
        ("/two", HOST, SECRET),
    ]


def test_a_file_is_one_multipart_part_with_its_length(authority: trustme.CA, ca_file: Path) -> None:
    upload = Upload(open=lambda: nullcontext(io.BytesIO(b"PK data")), size=7, part="file", filename="response.zip")
    request = Request(method="POST", url=f"https://{HOST}/bulk", authorization=SECRET, upload=upload)
    with serving(authority.issue_cert(HOST)) as (port, got, _):
        outcome = call(world(port, ca_file), request)
    assert isinstance(outcome, Answer)
    _, _, headers, body = got[0]
    assert headers["Content-Type"].startswith("multipart/form-data; boundary=")
    assert int(headers["Content-Length"]) == len(body) == outcome.sent
    assert b'Content-Disposition: form-data; name="file"; filename="response.zip"\r\n' in body
    assert b"Content-Type: application/octet-stream\r\n\r\nPK data\r\n" in body
    assert body.count(b"Content-Disposition") == 1


def test_a_file_alone_is_the_body_with_its_length(authority: trustme.CA, ca_file: Path) -> None:
    upload = Upload(open=lambda: nullcontext(io.BytesIO(b"\x1f\x8bx")), size=3, content_type="application/gzip")
    with serving(authority.issue_cert(HOST)) as (port, got, _):
        call(world(port, ca_file), Request(method="POST", url=f"https://{HOST}/batch", upload=upload))
    _, _, headers, body = got[0]
    assert (headers["Content-Type"], headers["Content-Length"], body) == ("application/gzip", "3", b"\x1f\x8bx")
    assert "Transfer-Encoding" not in headers
    assert "Content-Encoding" not in headers


def test_a_good_download_goes_into_the_file_and_a_refusal_does_not(authority: trustme.CA, ca_file: Path) -> None:
    with serving(authority.issue_cert(HOST)) as (port, _, _), closing(Client(world(port, ca_file))) as client:
        file = io.BytesIO()
        good = client.call(get("/zip"), into=file)
        refused = client.call(get("/missing"), into=file)
    assert isinstance(good, Answer)
    assert isinstance(refused, Answer)
    assert (file.getvalue(), good.body, good.received) == (b"xxxxx", b"", 5)
    assert (refused.status, refused.body) == (404, b"xxxxx")


def test_a_redirect_is_an_answer_and_is_not_followed(authority: trustme.CA, ca_file: Path) -> None:
    with serving(authority.issue_cert(HOST)) as (port, got, _):
        outcome = call(world(port, ca_file), get("/redirect"))
    assert isinstance(outcome, Answer)
    assert (outcome.status, outcome.headers["location"]) == (302, f"https://{HOST}/elsewhere")
    assert len(got) == 1


def test_proxies_of_the_environment_are_not_used(
    authority: trustme.CA, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with serving(authority.issue_cert(HOST)) as (port, _, _):
        assert isinstance(call(world(port, ca_file), get("/")), Answer)


@pytest.mark.parametrize(
    ("path", "failure"),
    [
        ("/hang-up", Failure.HTTP_CLOSED),
        ("/stall", Failure.HTTP_TIMEOUT),
        ("/not-http", Failure.HTTP_NOT_HTTP),
        ("/long", Failure.SUBMIT_UNEXPECTED_ANSWER),
    ],
)
def test_broken_answers_have_names(authority: trustme.CA, ca_file: Path, path: str, failure: Failure) -> None:
    with serving(authority.issue_cert(HOST)) as (port, _, _):
        outcome = call(world(port, ca_file), get(path))
    assert isinstance(outcome, Trouble)
    assert (outcome.failure, outcome.sent) == (failure, True)
    assert "marked" not in repr(outcome)


def _expired(authority: trustme.CA) -> trustme.LeafCert:
    return authority.issue_cert(HOST, not_after=datetime(2020, 1, 1, tzinfo=timezone.utc))


@pytest.mark.parametrize(
    ("issue", "failure"),
    [
        (lambda authority: authority.issue_cert("other.example"), Failure.TLS_WRONG_HOST),
        (_expired, Failure.TLS_EXPIRED),
        (lambda _: trustme.CA().issue_cert(HOST), Failure.TLS_UNTRUSTED),
    ],
)
def test_nothing_is_sent_over_a_chain_that_does_not_verify(
    authority: trustme.CA, ca_file: Path, issue: Callable[[trustme.CA], trustme.LeafCert], failure: Failure
) -> None:
    with serving(issue(authority)) as (port, got, _):
        outcome = call(world(port, ca_file), get("/"))
    assert isinstance(outcome, Trouble)
    assert (outcome.failure, outcome.sent, got) == (failure, False, [])


def test_the_host_store_does_not_trust_the_test_authority(authority: trustme.CA) -> None:
    with serving(authority.issue_cert(HOST)) as (port, got, _):
        outcome = call(world(port, None), get("/"))
    assert isinstance(outcome, Trouble)
    assert (outcome.failure, got) == (Failure.TLS_UNTRUSTED, [])


@contextmanager
def peer(act: Callable[[socket.socket], None]) -> Iterator[int]:
    """A TCP listener that does one thing to the first connection."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                act(connection)
                done.wait()

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        done.set()
        thread.join()


def _reset(connection: socket.socket) -> None:
    connection.recv(1000)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    connection.close()


@pytest.mark.parametrize(
    ("act", "failure"),
    [
        (lambda connection: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"), Failure.TLS_NOT_TLS),
        (lambda connection: connection.sendall(b"\x15\x03\x03\x00\x02\x02\x28"), Failure.TLS_ALERT),
        (lambda connection: connection.shutdown(socket.SHUT_RDWR), Failure.TLS_CLOSED),
        (_reset, Failure.TLS_RESET),
        (lambda _: None, Failure.TLS_TIMEOUT),
    ],
)
def test_broken_handshakes_have_names(act: Callable[[socket.socket], None], failure: Failure, ca_file: Path) -> None:
    with peer(act) as port:
        outcome = call(world(port, ca_file), get("/"), timeout_s=0.5)
    assert isinstance(outcome, Trouble)
    assert (outcome.failure, outcome.sent) == (failure, False)


def test_a_closed_port_is_refused_and_the_next_address_is_tried(authority: trustme.CA, ca_file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = closed.getsockname()[1]
    outcome = call(world(nobody, ca_file), get("/"))
    assert isinstance(outcome, Trouble)
    assert (outcome.failure, outcome.sent) == (Failure.TCP_REFUSED, False)
    with serving(authority.issue_cert(HOST)) as (port, got, _):
        base = world(port, ca_file, "192.0.2.9", str(HERE))
        dead = {(ip_address("192.0.2.9"), 443): (LOOPBACK, nobody)}
        where = World(name="test", pins=base.pins, dial={**base.dial, **dead}, ca_file=ca_file)
        assert isinstance(call(where, get("/")), Answer)
    assert len(got) == 1


@pytest.mark.parametrize("url", ["http://nim.example/", "https://", "ftp://nim.example/", "https://nim.example:x/"])
def test_only_https_is_spoken(ca_file: Path, url: str) -> None:
    outcome = call(world(1, ca_file), Request(method="GET", url=url, authorization=SECRET))
    assert isinstance(outcome, Trouble)
    assert not outcome.sent


def test_a_credential_that_no_header_can_hold_is_not_repeated(authority: trustme.CA, ca_file: Path) -> None:
    for secret in ("Bearer marked\r\nX: y", "Bearer m\u00e4rked\u20ac"):
        with serving(authority.issue_cert(HOST)) as (port, got, _):
            request = Request(method="GET", url=f"https://{HOST}/", authorization=secret)
            outcome = call(world(port, ca_file), request)
        assert isinstance(outcome, Trouble)
        assert got == []
        assert "rked" not in repr(outcome) + repr(request)
