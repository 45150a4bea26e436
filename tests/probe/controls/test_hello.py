"""A ClientHello of another length, at real servers; each beside its look-alike."""

from __future__ import annotations

import socket
import ssl
import struct
from typing import TYPE_CHECKING

import pytest

from nimnetcheck import probe
from nimnetcheck.model import Failure, Observation, Outcome, Rung
from nimnetcheck.probe import Options
from nimnetcheck.probe.controls import look_closer
from nimnetcheck.probe.controls.hello import chosen
from tests.diagnosis.seen import seen

if TYPE_CHECKING:
    from nimnetcheck.model import Endpoint
    from tests.probe.conftest import Bench, Respond

HOST = "usage.example"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
QUICK = Options(timeout_s=1.0)  # for who is silent on purpose: all others may take their time


def looked(bench: Bench, endpoint: Endpoint, port: int, options: Options | None = None) -> list[Observation]:
    world = bench.world(port)
    tried = probe.run([endpoint], world, options)
    return [one for one in look_closer([endpoint], tried, world, options) if one.evidence["changed"] == "hello"]


def shaken(octets: object, failure: Failure | None = None, address: str = "192.0.2.1") -> Observation:
    return seen("usage", address, failure, Rung.TLS, evidence={"hello_octets": octets})


def test_something_that_reads_the_first_segment_alone_is_found(
    bench: Bench, endpoint: Endpoint, respond: Respond
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    bench.authority.issue_cert(HOST).configure_cert(context)
    answer = respond(OK)

    def handler(connection: socket.socket) -> None:
        _, _, length = struct.unpack("!BHH", connection.recv(5, socket.MSG_PEEK))
        if length > 1400:
            bench.silent(connection)
            return
        with context.wrap_socket(connection, server_side=True) as secure:
            answer(secure)

    (control,) = looked(bench, endpoint, bench.listen(handler), QUICK)
    assert control.failure is Failure.TLS_TIMEOUT
    assert control.evidence["unchanged"] == "passed"


def test_a_server_takes_protocols_that_it_does_not_know(bench: Bench, endpoint: Endpoint, respond: Respond) -> None:
    (control,) = looked(bench, endpoint, bench.listen_tls(bench.authority.issue_cert(HOST), respond(OK)))
    assert control.outcome is Outcome.PASSED
    assert control.evidence["hello_octets"] > 1400  # type: ignore[operator]  # a number


def test_where_nothing_answers_no_other_length_is_tried(bench: Bench, endpoint: Endpoint) -> None:
    assert looked(bench, endpoint, bench.listen(bench.silent), Options(timeout_s=0.5)) == []


@pytest.mark.parametrize("failure", [Failure.TLS_TIMEOUT, Failure.TLS_RESET, Failure.TLS_CLOSED])
def test_a_long_one_of_our_own_that_was_lost_is_made_again(failure: Failure) -> None:
    lost = shaken(1890, failure)
    assert chosen([shaken(1890, Failure.TLS_UNTRUSTED), lost]) is lost
    assert chosen([shaken(517, failure)]) is None


@pytest.mark.parametrize("octets", [1890, "517", None])
def test_a_long_one_of_our_own_that_got_through_shows_all_there_is(octets: object) -> None:
    up = seen("usage", "192.0.2.1", None, Rung.PATH)
    assert chosen([shaken(octets), up]) is None
    assert chosen([shaken(517), up]) is not None
    assert chosen([shaken(517)]) is None
