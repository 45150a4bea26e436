"""The client against a real TLS server on loopback: what it sends, and what it refuses to send."""

from __future__ import annotations

import base64
import io
import socket
import threading
from contextlib import closing, nullcontext, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import attrs
import pytest
import trustme

from nimnetcheck.model import Failure
from nimnetcheck.submission.client import Client
from nimnetcheck.submission.messages import Answer, Request, Trouble, Upload
from nimnetcheck.submission.route import Proxy
from tests.submission.conftest import HERE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.model import World
    from tests.submission.conftest import FarSide

HOST = "nim.example"
SECRET = "Bearer marked.secret.token"  # noqa: S105 (planted, to be looked for)


def call(world: World, request: Request, timeout_s: float = 1.0) -> Answer | Trouble:
    with closing(Client(world, timeout_s=timeout_s)) as client:
        return client.call(request)


def get(path: str) -> Request:
    return Request(method="GET", url=f"https://{HOST}{path}", authorization=SECRET)


def test_sni_and_host_stay_the_name_and_the_connection_is_kept(far: FarSide) -> None:
    with far.serving() as world, closing(Client(world)) as client:
        outcomes = [client.call(get("/one?format=zip")), client.call(get("/two"))]
    assert all(isinstance(outcome, Answer) and outcome.status == 200 for outcome in outcomes)
    assert far.names == [HOST], "one handshake carries both"
    assert [(path, headers["Host"], headers["Authorization"]) for _, path, headers, _ in far.got] == [
        ("/one?format=zip", HOST, SECRET),
        ("/two", HOST, SECRET),
    ]


def test_a_file_is_one_multipart_part_with_its_length(far: FarSide) -> None:
    upload = Upload(open=lambda: nullcontext(io.BytesIO(b"PK data")), size=7, part="file", filename="response.zip")
    request = Request(method="POST", url=f"https://{HOST}/bulk", authorization=SECRET, upload=upload)
    with far.serving() as world:
        outcome = call(world, request)
    assert isinstance(outcome, Answer)
    _, _, headers, body = far.got[0]
    assert headers["Content-Type"].startswith("multipart/form-data; boundary=")
    assert int(headers["Content-Length"]) == len(body) == outcome.sent
    assert b'Content-Disposition: form-data; name="file"; filename="response.zip"\r\n' in body
    assert b"Content-Type: application/octet-stream\r\n\r\nPK data\r\n" in body
    assert body.count(b"Content-Disposition") == 1


def test_a_file_alone_is_the_body_with_its_length(far: FarSide) -> None:
    upload = Upload(open=lambda: nullcontext(io.BytesIO(b"\x1f\x8bx")), size=3, content_type="application/gzip")
    with far.serving() as world:
        call(world, Request(method="POST", url=f"https://{HOST}/batch", upload=upload))
    _, _, headers, body = far.got[0]
    assert (headers["Content-Type"], headers["Content-Length"], body) == ("application/gzip", "3", b"\x1f\x8bx")
    assert "Transfer-Encoding" not in headers
    assert "Content-Encoding" not in headers


def test_a_good_download_goes_into_the_file_and_a_refusal_does_not(far: FarSide) -> None:
    with far.serving() as world, closing(Client(world)) as client:
        file = io.BytesIO()
        good = client.call(get("/zip"), into=file)
        refused = client.call(get("/missing"), into=file)
    assert isinstance(good, Answer)
    assert isinstance(refused, Answer)
    assert (file.getvalue(), good.body, good.received) == (b"xxxxx", b"", 5)
    assert (refused.status, refused.body) == (404, b"xxxxx")


def test_a_redirect_is_an_answer_and_is_not_followed(far: FarSide) -> None:
    with far.serving() as world:
        outcome = call(world, get("/redirect"))
    assert isinstance(outcome, Answer)
    assert (outcome.status, outcome.headers["location"]) == (302, f"https://{HOST}/elsewhere")
    assert len(far.got) == 1


def test_proxies_of_the_environment_are_not_used(far: FarSide, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with far.serving() as world:
        assert isinstance(call(world, get("/")), Answer)


@pytest.mark.parametrize("url", ["http://nim.example/", "https://", "ftp://nim.example/", "https://nim.example:x/"])
def test_only_https_is_spoken(far: FarSide, url: str) -> None:
    outcome = call(far.world(1), Request(method="GET", url=url, authorization=SECRET))
    assert isinstance(outcome, Trouble)
    assert not outcome.sent


def test_a_credential_that_no_header_can_hold_is_not_repeated(far: FarSide) -> None:
    for secret in ("Bearer marked\r\nX: y", "Bearer m\u00e4rked\u20ac"):
        with far.serving() as world:
            request = Request(method="GET", url=f"https://{HOST}/", authorization=secret)
            outcome = call(world, request)
        assert isinstance(outcome, Trouble)
        assert far.got == []
        assert "rked" not in repr(outcome) + repr(request)


class Tunnels(BaseHTTPRequestHandler):
    """A forward proxy: it opens tunnels to those who know the password, and notes what they asked for."""

    asked: list[tuple[str, str | None]]
    port: int

    def do_CONNECT(self) -> None:
        """Join the two ends until one of them closes."""
        given = self.headers.get("Proxy-Authorization")
        self.asked.append((self.path, given))
        if given != "Basic " + base64.b64encode(b"me:marked").decode():
            self.send_error(407)
            return
        self.send_response(200)
        self.end_headers()
        with socket.create_connection(("127.0.0.1", self.port)) as far:
            back = threading.Thread(target=self._copy, args=(far, self.connection))
            back.start()
            self._copy(self.connection, far)
            back.join()

    @staticmethod
    def _copy(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def tunnels() -> Iterator[tuple[Proxy, type[Tunnels]]]:
    """A proxy on loopback."""
    handler = type("Handler", (Tunnels,), {"asked": [], "port": 0})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        proxy = Proxy(host="127.0.0.1", port=server.server_port, username="me", password="marked")  # noqa: S106
        yield proxy, handler
        server.shutdown()
        thread.join()


def through(world: World, proxy: Proxy, own: str = "") -> Answer | Trouble:
    with closing(Client(world, timeout_s=5, proxy=proxy, own=own)) as client:
        return client.call(get("/bulk"))


def test_the_vendor_is_reached_through_the_proxy_by_name_and_the_tunnel_is_verified(
    far: FarSide, tunnels: tuple[Proxy, type[Tunnels]]
) -> None:
    proxy, handler = tunnels
    with far.serving() as world:
        handler.port = world.dial[HERE, 443][1]
        outcome = through(world, proxy)
    assert isinstance(outcome, Answer)
    assert [path for path, _ in handler.asked] == [f"{HOST}:443"]
    assert [headers["Host"] for _, _, headers, _ in far.got] == [HOST]
    assert "marked" not in repr(far.got[0][2].get("Proxy-Authorization"))


def test_a_proxy_that_refuses_is_named_and_nothing_has_left(far: FarSide, tunnels: tuple[Proxy, type[Tunnels]]) -> None:
    proxy, _ = tunnels
    outcome = through(far.world(1), attrs.evolve(proxy, password="wrong"))  # noqa: S106 (on purpose)
    assert isinstance(outcome, Trouble)
    assert (outcome.failure, outcome.sent, outcome.whole) == (Failure.PROXY_AUTH_REQUIRED, False, False)
    assert outcome.detail == "the proxy answered 407 to CONNECT"


def test_an_interceptor_behind_the_proxy_gets_nothing(far: FarSide, tunnels: tuple[Proxy, type[Tunnels]]) -> None:
    proxy, handler = tunnels
    with far.serving(trustme.CA().issue_cert(HOST)) as world:
        handler.port = world.dial[HERE, 443][1]
        outcome = through(world, proxy)
    assert isinstance(outcome, Trouble)
    assert (outcome.failure, outcome.sent, far.got) == (Failure.TLS_UNTRUSTED, False, [])


def test_the_own_nim_is_never_reached_through_the_proxy(far: FarSide, tunnels: tuple[Proxy, type[Tunnels]]) -> None:
    proxy, handler = tunnels
    with far.serving() as world:
        assert isinstance(through(world, proxy, own=f"https://{HOST}"), Answer)
    assert handler.asked == []
