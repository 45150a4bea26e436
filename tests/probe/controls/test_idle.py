"""A connection that is silent for a while, and each way in which the other side may take that, for real."""

from __future__ import annotations

import socket
import struct
import time
from typing import TYPE_CHECKING, Callable

import attrs
import pytest

from nimnetcheck import probe
from nimnetcheck.failures import Icmp, LateError, WireError
from nimnetcheck.model import Failure, Observation, Outcome
from nimnetcheck.net import monotonic
from nimnetcheck.probe import Options, controls
from nimnetcheck.probe.controls import look_closer
from nimnetcheck.probe.controls.idle import _how

if TYPE_CHECKING:
    from nimnetcheck.model import Endpoint
    from tests.probe.conftest import Bench

    After = Callable[[socket.socket], None]

HOST = "usage.example"
ANSWER = b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nConnection: %s\r\n\r\n{}"
SILENT = Options(timeout_s=0.5, idle_s=0.4)


def asked(connection: socket.socket) -> bytes:
    """One request, or nothing where the connection ended."""
    request = data = connection.recv(65536)
    while data and b"\r\n\r\n" not in request:
        data = connection.recv(65536)
        request += data
    return request


def answer(connection: socket.socket) -> None:
    if asked(connection):
        connection.sendall(ANSWER % b"close")


def close(_: socket.socket) -> None:
    """End it in good order, at once."""


def late_answer(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def reset(connection: socket.socket) -> None:
    time.sleep(0.1)  # the answer before is not to be lost with the connection
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def reset_when_asked(connection: socket.socket) -> None:
    asked(connection)
    reset(connection)


def stall(connection: socket.socket) -> None:
    while connection.recv(65536):
        pass


def looked(bench: Bench, endpoints: list[Endpoint], after: After, options: Options = SILENT) -> list[Observation]:
    """What is seen where the first request on a connection that is kept is answered, and then this is done."""

    def handler(connection: socket.socket) -> None:
        request = asked(connection)
        if b"keep-alive" in request and after is not answer_and_close:
            connection.sendall(ANSWER % b"keep-alive")
            after(connection)
        elif request:
            connection.sendall(ANSWER % b"close")

    world = bench.world(bench.listen_tls(bench.authority.issue_cert(HOST), handler))
    tried = probe.run(endpoints, world, attrs.evolve(options, deadline_s=30.0))
    return [one for one in look_closer(endpoints, tried, world, options) if one.evidence["changed"] == "idle"]


def answer_and_close(_: socket.socket) -> None:
    """The answer to the first request says already that no other is wanted."""


def test_a_connection_that_is_kept_is_answered_after_the_silence(bench: Bench, endpoint: Endpoint) -> None:
    (control,) = looked(bench, [endpoint], answer)
    assert control.outcome is Outcome.PASSED
    assert control.evidence["status"] == 404
    assert control.elapsed_s >= SILENT.idle_s
    assert "ended" not in control.evidence


@pytest.mark.parametrize("after", [close, late_answer])
def test_a_server_that_ends_it_in_good_order_has_not_failed(bench: Bench, endpoint: Endpoint, after: After) -> None:
    (control,) = looked(bench, [endpoint], after)
    assert control.outcome is Outcome.PASSED
    assert control.evidence["ended"] == "closed"
    assert control.evidence["kept_s"] < SILENT.idle_s  # type: ignore[operator]  # a number in JSON


def test_a_server_that_keeps_none_is_not_waited_for(bench: Bench, endpoint: Endpoint) -> None:
    (control,) = looked(bench, [endpoint], answer_and_close)
    assert control.evidence["kept"] is False
    assert control.elapsed_s < SILENT.idle_s


def test_a_reset_after_the_silence_is_told_beside_a_fresh_connection(bench: Bench, endpoint: Endpoint) -> None:
    (control,) = looked(bench, [endpoint], reset_when_asked)
    assert control.failure is Failure.HTTP_CLOSED
    assert (control.evidence["ended"], control.evidence["fresh"]) == ("reset", "passed")
    assert "kept_s" not in control.evidence


def test_a_reset_that_nobody_asked_for_tells_how_long_it_was_kept(bench: Bench, endpoint: Endpoint) -> None:
    (control,) = looked(bench, [endpoint], reset)
    assert (control.evidence["ended"], control.evidence["fresh"]) == ("reset", "passed")
    assert control.evidence["kept_s"] < SILENT.idle_s  # type: ignore[operator]  # a number in JSON


def test_what_is_acknowledged_and_not_answered_was_not_forgotten(bench: Bench, endpoint: Endpoint) -> None:
    (control,) = looked(bench, [endpoint], stall)
    assert control.failure is Failure.HTTP_TIMEOUT
    assert control.evidence["ended"] == "stalled"


def test_what_is_not_acknowledged_is_silence_and_a_message_a_refusal() -> None:
    assert _how(LateError({"unacked": 1, "bytes_acked": 700}), 700) == "silence"
    assert _how(WireError(113, "", icmp=Icmp(version=4, type=3, code=1)), 700) == "refused"
    assert _how(OSError(5, ""), 700) == "error"


def test_what_never_left_this_host_is_told_from_what_arrived() -> None:
    assert _how(LateError({"unacked": 0, "bytes_acked": 700}), 700) == "unsent"
    assert _how(LateError({"unacked": 0, "bytes_acked": 900}), 700) == "stalled"
    assert _how(LateError({"unacked": 0}), None) == "stalled"  # a kernel that counts no bytes


def test_all_are_silent_together_and_no_deadline_cuts_it(
    bench: Bench, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controls, "LEAST_S", 0.8)
    options = attrs.evolve(SILENT, deadline_s=0.1, idle_s=1.5)
    since_s = monotonic()
    found = looked(bench, [endpoint, attrs.evolve(endpoint, id="teem")], answer, options)
    assert [one.outcome for one in found] == [Outcome.PASSED] * 2
    assert monotonic() - since_s < 2 * options.idle_s


def test_nobody_waits_who_was_not_asked_to(bench: Bench, endpoint: Endpoint) -> None:
    assert looked(bench, [endpoint], answer, attrs.evolve(SILENT, idle_s=0.0)) == []
