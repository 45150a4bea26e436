"""A request of several segments: answered, cut short, or swallowed."""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING

from nimnetcheck import probe
from nimnetcheck.model import Failure, Observation, Outcome, Rung
from nimnetcheck.probe import Options
from nimnetcheck.probe.path import PADDING

if TYPE_CHECKING:
    from nimnetcheck.model import Endpoint
    from tests.probe.conftest import Bench, Handler

HOST = "usage.example"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\n\r\n"


def request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        data = connection.recv(65536)
        if not data:
            break
        received += data
    return received


def rungs(bench: Bench, endpoint: Endpoint, handler: Handler, timeout_s: float = 5.0) -> dict[Rung, Observation]:
    port = bench.listen_tls(bench.authority.issue_cert(HOST), handler)
    return {one.rung: one for one in probe.run([endpoint], bench.world(port), Options(timeout_s=timeout_s))}


def by_size(small: bytes, large: bytes | None) -> Handler:
    """Answer small requests in one way and large ones in another; None is silence."""

    def handler(connection: socket.socket) -> None:
        answer = large if len(request(connection)) > PADDING else small
        if answer is None:
            connection.recv(1)
        elif not answer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            connection.sendall(answer)

    return handler


def test_any_answer_shows_that_it_arrived(bench: Bench, endpoint: Endpoint) -> None:
    for answer, status in ((OK, 200), (TOO_LARGE, 431), (b"SSH-2.0\r\n\r\n", None)):
        seen = rungs(bench, endpoint, by_size(OK, answer))[Rung.PATH]
        assert seen.outcome is Outcome.PASSED
        assert seen.evidence.get("status") == status


def test_silence_to_the_large_one_alone_is_a_stall(bench: Bench, endpoint: Endpoint) -> None:
    seen = rungs(bench, endpoint, by_size(OK, None), 1.0)
    assert seen[Rung.HTTP].outcome is Outcome.PASSED
    assert seen[Rung.PATH].failure is Failure.UPLOAD_STALLED
    assert seen[Rung.PATH].evidence["unacked"] == 0  # it arrived: nothing is wrong with the size of packets


def test_a_reset_of_the_large_one_is_no_stall(bench: Bench, endpoint: Endpoint) -> None:
    assert rungs(bench, endpoint, by_size(OK, b""))[Rung.PATH].failure is Failure.HTTP_CLOSED


def test_nothing_large_is_sent_where_the_small_one_failed(bench: Bench, endpoint: Endpoint) -> None:
    seen = rungs(bench, endpoint, by_size(b"", OK))
    assert seen[Rung.HTTP].outcome is Outcome.FAILED
    assert seen[Rung.PATH].outcome is Outcome.SKIPPED
