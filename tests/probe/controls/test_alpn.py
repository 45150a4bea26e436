"""HTTP/2 is asked for where it is offered, and only there."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from nimnetcheck import probe
from nimnetcheck.model import Failure, Observation, Outcome
from nimnetcheck.probe import Options
from nimnetcheck.probe.controls import look_closer

if TYPE_CHECKING:
    import socket

    from nimnetcheck.model import Endpoint
    from tests.probe.conftest import Bench, Respond

HOST = "usage.example"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
FORBIDDEN = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
QUICK = Options(timeout_s=0.5)  # for who is silent on purpose: all others may take their time


def looked(bench: Bench, endpoint: Endpoint, port: int, options: Options | None = None) -> list[Observation]:
    world = bench.world(port)
    tried = probe.run([endpoint], world, options)
    return [one for one in look_closer([endpoint], tried, world, options) if one.evidence["changed"] == "alpn"]


def agreeing(bench: Bench, respond: Respond, reply: bytes) -> int:
    """A server that agrees to HTTP/2 and speaks what it always spoke."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    bench.authority.issue_cert(HOST).configure_cert(context)
    context.set_alpn_protocols(["h2", "http/1.1"])
    answer = respond(reply)

    def handler(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            answer(secure)

    return bench.listen(handler)


def test_a_server_that_agrees_to_what_it_does_not_speak_is_found(
    bench: Bench, endpoint: Endpoint, respond: Respond
) -> None:
    for reply in (OK, FORBIDDEN):  # whatever the status was over HTTP/1.1
        (control,) = looked(bench, endpoint, agreeing(bench, respond, reply))
        assert control.failure is Failure.HTTP_NOT_HTTP
        assert control.evidence["alpn"] == "h2"
        assert control.evidence["unchanged"] == "passed"


def test_a_server_that_agrees_to_nothing_is_asked_nothing(bench: Bench, endpoint: Endpoint, respond: Respond) -> None:
    (control,) = looked(bench, endpoint, bench.listen_tls(bench.authority.issue_cert(HOST), respond(OK)))
    assert control.outcome is Outcome.PASSED
    assert control.evidence["alpn"] is None
    assert "status" not in control.evidence


def test_where_http_1_is_not_answered_http_2_is_not_asked_for(bench: Bench, endpoint: Endpoint) -> None:
    assert looked(bench, endpoint, bench.listen_tls(bench.authority.issue_cert(HOST), bench.silent), QUICK) == []
