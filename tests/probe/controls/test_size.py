"""What hung is tried again in smaller segments, with real servers; the laboratory has links that are too narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nimnetcheck import probe
from nimnetcheck.model import Failure, Outcome
from nimnetcheck.probe import Options
from nimnetcheck.probe.controls import look_closer
from nimnetcheck.probe.controls.size import SEGMENTS

if TYPE_CHECKING:
    import socket

    from nimnetcheck.model import Endpoint, Observation
    from tests.probe.conftest import Bench, Handler, Respond

HOST = "usage.example"
QUICK = Options(timeout_s=0.4)  # for who is silent on purpose: all others may take their time


def retried(bench: Bench, endpoint: Endpoint, port: int, options: Options | None = None) -> list[Observation]:
    world = bench.world(port)
    seen = probe.run([endpoint], world, options)
    return [one for one in look_closer([endpoint], seen, world, options) if one.evidence["changed"] == "segment"]


def test_a_server_that_says_nothing_says_nothing_in_smaller_segments_either(bench: Bench, endpoint: Endpoint) -> None:
    controls = retried(bench, endpoint, bench.listen(bench.silent), QUICK)
    assert [one.evidence["segment"] for one in controls] == list(SEGMENTS)
    assert {one.failure for one in controls} == {Failure.TLS_TIMEOUT}
    assert all(one.control for one in controls)


@pytest.mark.parametrize("size", SEGMENTS)
def test_smaller_segments_are_really_smaller(bench: Bench, endpoint: Endpoint, size: int) -> None:
    controls = retried(bench, endpoint, bench.listen(bench.silent), QUICK)
    mss = next(one.evidence["mss"] for one in controls if one.evidence["segment"] == size)
    assert isinstance(mss, int)
    assert mss <= size


def test_what_hangs_once_only_is_cured(bench: Bench, endpoint: Endpoint, respond: Respond) -> None:
    answer: Handler = respond(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    asked: list[int] = []

    def handler(connection: socket.socket) -> None:
        asked.append(len(asked))
        if len(asked) == 1:
            bench.silent(connection)
        answer(connection)

    port = bench.listen_tls(bench.authority.issue_cert(HOST), handler)
    assert {one.outcome for one in retried(bench, endpoint, port, Options(timeout_s=1.2))} == {Outcome.PASSED}


def test_what_did_not_hang_is_not_tried_again(bench: Bench, endpoint: Endpoint, respond: Respond) -> None:
    port = bench.listen_tls(bench.authority.issue_cert(HOST), respond(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
    assert retried(bench, endpoint, port) == []
