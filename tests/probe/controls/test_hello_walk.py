"""A walk of the ClientHello: how each step ends, at real servers on loopback. The laboratory has routers on the way."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.model import Observation, Rung, Target
from nimnetcheck.net import drive
from nimnetcheck.probe.attempt import Attempt, Options, Setup
from nimnetcheck.probe.controls.hello_walk import AT_ONCE, hello_walk
from tests.probe.conftest import LOOPBACK

if TYPE_CHECKING:
    from nimnetcheck.model import Endpoint
    from tests.probe.conftest import Bench, Handler

HOST = "usage.example"


def walked(bench: Bench, endpoint: Endpoint, port: int, timeout_s: float = 5.0) -> Observation:
    setup = Setup(world=bench.world(port), options=Options(timeout_s=timeout_s))
    target = Target(address=LOOPBACK, port=port, host=HOST)
    return drive(hello_walk(Attempt(endpoint=endpoint, setup=setup, target=target)), 10.0)


def answering(said: bytes) -> Handler:
    """A server that says this once it has read, and hangs up."""

    def handler(connection: socket.socket) -> None:
        if HOST.encode() in connection.recv(65536):
            connection.sendall(said)

    return handler


def reset(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)


@pytest.mark.parametrize(
    ("handler", "ended"), [(answering(b"\x15"), "answered"), (answering(b""), "closed"), (reset, "refused")]
)
def test_how_the_last_step_ends(bench: Bench, endpoint: Endpoint, handler: Handler, ended: str) -> None:
    found = walked(bench, endpoint, bench.listen(handler))
    assert (found.evidence["ended"], found.evidence["ended_at"]) == (ended, 1)
    assert found.evidence["changed"] == "hello hops"
    assert found.rung is Rung.TLS


def test_silence_after_the_hello_is_told_from_a_connection_that_never_was(bench: Bench, endpoint: Endpoint) -> None:
    assert walked(bench, endpoint, bench.listen(bench.silent), 0.2).evidence["ended"] == "silent"
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert walked(bench, endpoint, port).evidence["ended"] == "not waited for"
