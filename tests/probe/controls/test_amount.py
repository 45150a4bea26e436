"""What hung or crept is asked for more, with real servers; the laboratory has a firewall that polices."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import attrs

from nimnetcheck import probe
from nimnetcheck.model import Failure, Rung
from nimnetcheck.probe import Options
from nimnetcheck.probe.controls import look_closer
from nimnetcheck.probe.controls.amount import CREPT_S, REQUESTS, crept
from nimnetcheck.probe.path import PADDING
from tests.diagnosis.seen import seen

if TYPE_CHECKING:
    import socket

    from nimnetcheck.model import Endpoint, Observation
    from tests.probe.conftest import Bench, Handler, Respond

HOST = "usage.example"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
PATIENT = Options(timeout_s=5.0)


def looked(bench: Bench, endpoint: Endpoint, port: int, options: Options) -> list[Observation]:
    world = bench.world(port)
    found = probe.run([endpoint], world, options)
    return [one for one in look_closer([endpoint], found, world, options) if one.evidence["changed"] == "amount"]


def thinking(over_s: float) -> Handler:
    """Take all that comes, and answer what is large only after a while."""

    def handler(connection: socket.socket) -> None:
        received, data = b"", b"?"
        while data and b"\r\n\r\n" not in received:
            data = connection.recv(65536)
            received += data
        time.sleep(over_s if len(received) > PADDING else 0)
        connection.sendall(OK)
        while connection.recv(65536):
            pass

    return handler


def test_a_server_that_thinks_long_acknowledges_all_of_it_at_once(bench: Bench, endpoint: Endpoint) -> None:
    port = bench.listen_tls(bench.authority.issue_cert(HOST), thinking(CREPT_S + 0.3))
    (control,) = looked(bench, endpoint, port, PATIENT)
    acked = control.evidence["acked"]
    assert isinstance(acked, list)
    assert acked[-1][1] > REQUESTS * PADDING
    assert acked[-1][0] < CREPT_S
    assert not control.evidence["unacked"]


def test_what_hung_is_asked_for_more_too(bench: Bench, endpoint: Endpoint) -> None:
    port = bench.listen_tls(bench.authority.issue_cert(HOST), thinking(1.0))
    (control,) = looked(bench, endpoint, port, Options(timeout_s=0.4))
    assert control.evidence["acked"]


def test_nothing_more_is_sent_where_nothing_hung(bench: Bench, endpoint: Endpoint, respond: Respond) -> None:
    port = bench.listen_tls(bench.authority.issue_cert(HOST), respond(OK))
    assert looked(bench, endpoint, port, PATIENT) == []


def test_a_long_way_is_no_creeping_one() -> None:
    below = [attrs.evolve(seen("a", "192.0.2.1", rung=rung), elapsed_s=0.8) for rung in (Rung.TCP, Rung.TLS, Rung.HTTP)]
    path = seen("a", "192.0.2.1", rung=Rung.PATH)
    assert not crept(attrs.evolve(path, elapsed_s=3.3), below)
    assert crept(attrs.evolve(path, elapsed_s=3.5), below)
    assert not crept(attrs.evolve(seen("a", "192.0.2.1", Failure.HTTP_CLOSED, Rung.PATH), elapsed_s=3.5), below)
