"""Where the direct way is shut, a proxy that is known is asked for a tunnel."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import attrs

from nimnetcheck import probe
from nimnetcheck.model import Endpoint, Observation, Outcome
from nimnetcheck.probe import Options, Proxy
from nimnetcheck.probe.controls import look_closer

if TYPE_CHECKING:
    from tests.probe.conftest import Bench, Respond

OPENED = b"HTTP/1.1 200 OK\r\n\r\n"
DENIED = b"HTTP/1.1 403 Forbidden\r\n\r\n"


def shut() -> int:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port: int = closed.getsockname()[1]
    return port


def look(bench: Bench, endpoint: Endpoint, far: int, proxy: int) -> list[Observation]:
    options = Options(timeout_s=1.0, unused_proxies=(Proxy(host="127.0.0.1", port=proxy),))
    world = bench.world(far)
    found = look_closer([endpoint], probe.run([endpoint], world, options), world, options)
    return [one for one in found if one.evidence["changed"] == "way"]


def test_a_tunnel_that_opens_where_the_direct_way_is_shut(bench: Bench, respond: Respond, endpoint: Endpoint) -> None:
    (opened,) = look(bench, endpoint, shut(), bench.listen(respond(OPENED)))
    assert opened.outcome is Outcome.PASSED
    (denied,) = look(bench, endpoint, shut(), bench.listen(respond(DENIED)))
    assert (denied.outcome, denied.evidence["status"]) == (Outcome.FAILED, 403)
    (dead,) = look(bench, endpoint, shut(), shut())
    assert dead.outcome is Outcome.FAILED


def test_nobody_is_asked_where_the_direct_way_is_open(bench: Bench, respond: Respond, endpoint: Endpoint) -> None:
    far = bench.listen_tls(bench.authority.issue_cert("usage.example"), respond(b"HTTP/1.1 200 OK\r\n\r\n"))
    assert look(bench, endpoint, far, bench.listen(respond(OPENED))) == []


def test_nobody_is_asked_about_a_range(bench: Bench, respond: Respond, endpoint: Endpoint) -> None:
    nameless = attrs.evolve(endpoint, host=None)
    assert look(bench, nameless, shut(), bench.listen(respond(OPENED))) == []
