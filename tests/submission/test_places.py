"""How hosts are reached: the vendor through the proxy and by name, one's own NIM directly; each tunnel is verified."""

from __future__ import annotations

import base64
import socket
import threading
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import attrs
import pytest
import trustme

from nimnetcheck.model import Failure
from nimnetcheck.site.proxy_setting import ProxySetting, of_url
from nimnetcheck.submission.client import Client
from nimnetcheck.submission.messages import Answer, Request, Trouble
from tests.submission.conftest import HERE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.model import World
    from tests.submission.conftest import FarSide

HOST = "nim.example"


def get(path: str) -> Request:
    return Request(method="GET", url=f"https://{HOST}{path}", authorization="Bearer a.b.c")


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
def tunnels() -> Iterator[tuple[ProxySetting, type[Tunnels]]]:
    """A proxy on loopback."""
    handler = type("Handler", (Tunnels,), {"asked": [], "port": 0})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        url = f"http://me:marked@127.0.0.1:{server.server_port}"
        yield of_url(url, holder="this shell", source="https_proxy"), handler
        server.shutdown()
        thread.join()


def through(world: World, proxy: ProxySetting, own: str = "") -> Answer | Trouble:
    with closing(Client(world, timeout_s=5, proxy=proxy, own=own)) as client:
        return client.call(get("/bulk"))


def test_the_vendor_is_reached_through_the_proxy_by_name_and_the_tunnel_is_verified(
    far: FarSide, tunnels: tuple[ProxySetting, type[Tunnels]]
) -> None:
    proxy, handler = tunnels
    with far.serving() as world:
        handler.port = world.dial[HERE, 443][1]
        outcome = through(world, proxy)
    assert isinstance(outcome, Answer)
    assert [path for path, _ in handler.asked] == [f"{HOST}:443"]
    assert [headers["Host"] for _, _, headers, _ in far.got] == [HOST]
    assert "marked" not in repr(far.got[0][2].get("Proxy-Authorization"))


def test_a_proxy_that_refuses_is_named_and_nothing_has_left(
    far: FarSide, tunnels: tuple[ProxySetting, type[Tunnels]]
) -> None:
    proxy, _ = tunnels
    outcome = through(far.world(1), attrs.evolve(proxy, password="wrong"))  # noqa: S106 (on purpose)
    assert isinstance(outcome, Trouble)
    assert (outcome.failure, outcome.sent, outcome.whole) == (Failure.PROXY_AUTH_REQUIRED, False, False)
    assert outcome.detail == "the proxy answered 407 to CONNECT"


def test_an_interceptor_behind_the_proxy_gets_nothing(
    far: FarSide, tunnels: tuple[ProxySetting, type[Tunnels]]
) -> None:
    proxy, handler = tunnels
    with far.serving(trustme.CA().issue_cert(HOST)) as world:
        handler.port = world.dial[HERE, 443][1]
        outcome = through(world, proxy)
    assert isinstance(outcome, Trouble)
    assert (outcome.failure, outcome.sent, far.got) == (Failure.TLS_UNTRUSTED, False, [])


def test_the_own_nim_is_never_reached_through_the_proxy(
    far: FarSide, tunnels: tuple[ProxySetting, type[Tunnels]]
) -> None:
    proxy, handler = tunnels
    with far.serving() as world:
        assert isinstance(through(world, proxy, own=f"https://{HOST}"), Answer)
    assert handler.asked == []


def test_in_a_kept_tunnel_it_is_known_too_that_a_request_has_left(
    far: FarSide, tunnels: tuple[ProxySetting, type[Tunnels]]
) -> None:
    proxy, handler = tunnels
    with far.serving() as world, closing(Client(world, timeout_s=5, proxy=proxy)) as client:
        handler.port = world.dial[HERE, 443][1]
        assert isinstance(client.call(get("/")), Answer)
        outcome = client.call(get("/hang-up"))
    assert isinstance(outcome, Trouble)
    assert (outcome.failure, outcome.sent, outcome.whole) == (Failure.HTTP_CLOSED, True, True)
    assert len(handler.asked) == 1, "one tunnel carries both"
