"""The way past a proxy that inspects, and past one that does not."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Any

import attrs
import pytest
import trustme

from nimnetcheck import probe
from nimnetcheck.model import Endpoint, Failure, Observation
from nimnetcheck.probe import Options, Proxy
from nimnetcheck.probe.controls import look_closer
from tests.probe.conftest import HOST, LOOPBACK

if TYPE_CHECKING:
    from nimnetcheck.model import World
    from tests.probe.conftest import Bench, Handler, Respond

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


def tunnel(port: int) -> Handler:
    """A proxy whose tunnels all lead to one port of this host."""

    def handler(connection: socket.socket) -> None:
        connection.recv(65536)
        with socket.create_connection(("127.0.0.1", port)) as beyond:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=pump, args=(beyond, connection))
            back.start()
            pump(connection, beyond)
            back.join()

    return handler


def pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def looked(world: World, endpoint: Endpoint, proxy: int | None) -> list[Observation]:
    via = Proxy(host="127.0.0.1", port=proxy) if proxy else None
    options = Options(timeout_s=1.0, proxy=via)
    found = look_closer([endpoint], probe.run([endpoint], world, options), world, options)
    return [one for one in found if one.evidence["changed"] == "direct"]


@pytest.fixture
def inspector(bench: Bench, respond: Respond) -> int:
    return bench.listen_tls(trustme.CA(organization_name="Middle Box").issue_cert(HOST), respond(OK))


@pytest.fixture
def vendor(bench: Bench, respond: Respond) -> int:
    return bench.listen_tls(bench.authority.issue_cert(HOST), respond(OK))


def test_where_the_vendor_answers_past_it_the_proxy_inspects(
    bench: Bench, endpoint: Endpoint, inspector: int, vendor: int
) -> None:
    (control,) = looked(bench.world(vendor), endpoint, bench.listen(tunnel(inspector)))
    assert control.failure is None
    assert control.evidence["address"] == str(LOOPBACK)


def test_where_the_same_comes_past_it_somebody_else_inspects(bench: Bench, endpoint: Endpoint, inspector: int) -> None:
    (control,) = looked(bench.world(inspector), endpoint, bench.listen(tunnel(inspector)))
    assert control.failure is Failure.TLS_UNTRUSTED


def test_a_name_that_leads_nowhere_is_told(bench: Bench, endpoint: Endpoint, inspector: int) -> None:
    nowhere: Any = attrs.evolve(bench.world(inspector), pins={(HOST, 443): ()})
    (control,) = looked(nowhere, endpoint, bench.listen(tunnel(inspector)))
    assert control.failure is Failure.DNS_NO_DATA


def test_nobody_goes_past_a_proxy_that_only_tunnels_or_where_there_is_none(
    bench: Bench, endpoint: Endpoint, inspector: int, vendor: int
) -> None:
    assert looked(bench.world(vendor), endpoint, bench.listen(tunnel(vendor))) == []
    assert looked(bench.world(inspector), endpoint, None) == []
