"""Another way is believed where the usual one, tried in between, fares as it did: each with its look-alike."""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.model import Failure, Outcome, Rung, Target
from nimnetcheck.net import drive
from nimnetcheck.probe.attempt import Attempt, Options, Setup
from nimnetcheck.probe.controls.both_ways import Way, compare, proven
from nimnetcheck.probe.controls.note import Control
from tests.diagnosis.seen import seen
from tests.probe.conftest import LOOPBACK

if TYPE_CHECKING:
    from nimnetcheck.model import Endpoint, Observation
    from tests.probe.conftest import Bench, Handler

HOST = "usage.example"


def long(connection: socket.socket) -> bool:
    """Whether the ClientHello that waits there takes more than a segment."""
    _, _, length = struct.unpack("!BHH", connection.recv(5, socket.MSG_PEEK))
    return bool(length > 1400)


def compared(bench: Bench, endpoint: Endpoint, handler: Handler, deadline_s: float = 5.0) -> Observation:
    """A long hello where a short one held."""
    world = bench.world(bench.listen(handler))
    setup = Setup(world=world, options=Options())
    target = Target(address=LOOPBACK, port=443, host=HOST, dial=world.dial[LOOPBACK, 443])
    control = Control(endpoint=endpoint, rung=Rung.TLS, title="long", changed="hello", setup=setup, target=target)
    attempt = Attempt(endpoint=endpoint, setup=setup, target=target)
    steps = compare(control, attempt, Way(setup.trust.large), Way(setup.trust.blind), held=True)
    return drive(steps, deadline_s)[0]


def serving(bench: Bench, deaf: list[bool], *, only_long: bool) -> Handler:
    """A server that hangs up on some connections: `deaf` says for each, the last of them for all that follow."""
    import ssl  # noqa: PLC0415 (the far side of the wire)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    bench.authority.issue_cert(HOST).configure_cert(context)

    def handler(connection: socket.socket) -> None:
        is_deaf = deaf.pop(0) if len(deaf) > 1 else deaf[0]
        if is_deaf and (long(connection) or not only_long):
            connection.recv(65536)
            return
        with context.wrap_socket(connection, server_side=True) as secure:
            secure.recv(1)

    return handler


def test_what_fails_alone_is_tried_twice_and_the_usual_in_between(bench: Bench, endpoint: Endpoint) -> None:
    found = compared(bench, endpoint, serving(bench, [True], only_long=True))
    assert found.failure is Failure.TLS_CLOSED
    assert found.evidence["unchanged"] == "passed"


def test_what_failed_by_chance_passes_then(bench: Bench, endpoint: Endpoint) -> None:
    found = compared(bench, endpoint, serving(bench, [True, False], only_long=True))
    assert found.outcome is Outcome.PASSED


def test_a_server_that_has_ended_meanwhile_is_seen(bench: Bench, endpoint: Endpoint) -> None:
    found = compared(bench, endpoint, serving(bench, [True], only_long=False))
    assert found.failure is Failure.TLS_CLOSED
    assert found.evidence["unchanged"] == "tls_closed"


def test_what_holds_is_tried_once(bench: Bench, endpoint: Endpoint) -> None:
    found = compared(bench, endpoint, serving(bench, [False, True], only_long=False))
    assert found.outcome is Outcome.PASSED
    assert "unchanged" not in found.evidence
    assert found.evidence["hello_octets"] > 1400  # type: ignore[operator]  # a number


def test_the_end_of_the_run_is_no_failure_of_the_way(bench: Bench, endpoint: Endpoint) -> None:
    assert compared(bench, endpoint, bench.silent, deadline_s=0.1).failure is Failure.DEADLINE


@pytest.mark.parametrize(("rung", "failure"), [(Rung.HTTP, None), (Rung.PATH, Failure.UPLOAD_STALLED)])
def test_only_what_passed_up_to_the_last_rung_is_proven(rung: Rung, failure: Failure | None) -> None:
    other, good = seen("usage", "192.0.2.1", failure, rung), seen("usage", "192.0.2.2", None, Rung.PATH)
    assert proven([other]) is None
    assert proven([other, good]) == good.target
