"""What a closer look at a proxy brings to light, with real listeners on loopback; each beside its look-alike."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import attrs

from nimnetcheck import probe
from nimnetcheck.model import Endpoint, Failure, Observation, Outcome, World
from nimnetcheck.probe import Options, Proxy
from nimnetcheck.probe.controls import look_closer
from nimnetcheck.probe.elsewhere import parse

if TYPE_CHECKING:
    from tests.probe.conftest import Bench, Handler, Respond

SECRET = "Basic c2VjcmV0"  # noqa: S105 (what must not be seen again)
OPENED = b"HTTP/1.1 200 OK\r\n\r\n"


def look(
    bench: Bench, endpoint: Endpoint, port: int, scheme: str = "http", options: Options | None = None
) -> dict[str, Observation]:
    """The plain climb and the controls that follow, by what they change."""
    proxy = Proxy(host="127.0.0.1", port=port, scheme=scheme, authorization=SECRET)
    options, world = attrs.evolve(options or Options(), proxy=proxy), World(ca_file=bench.ca_file)
    seen = probe.run([endpoint], world, options)
    controls = look_closer([endpoint], seen, world, options)
    assert SECRET not in repr((seen, controls))
    return {str(one.evidence["changed"]): one for one in controls}


def deciding(**answers: bytes) -> Handler:
    """A proxy that answers CONNECT by what stands in it."""

    def handler(connection: socket.socket) -> None:
        asked = connection.recv(65536).decode("latin-1")
        connection.sendall(next(answer for mark, answer in answers.items() if mark in asked.replace(".", "_")))

    return handler


def test_a_denied_host_is_told_from_a_denied_port(bench: Bench, respond: Respond, endpoint: Endpoint) -> None:
    denied = b"HTTP/1.1 403 Forbidden\r\nX-Squid-Error: ERR_ACCESS_DENIED 0\r\n\r\n"
    listed = bench.listen(deciding(usage_example=denied, www_example_com=OPENED))
    assert look(bench, endpoint, listed)["host"].outcome is Outcome.PASSED
    every = look(bench, endpoint, bench.listen(respond(denied)))["host"]
    assert (every.outcome, every.evidence["status"]) == (Outcome.FAILED, 403)


def test_no_other_host_is_asked_for_where_the_user_wants_none(bench: Bench, endpoint: Endpoint) -> None:
    asked: list[bytes] = []

    def deny(connection: socket.socket) -> None:
        asked.append(connection.recv(65536).split()[1])
        connection.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")

    port = bench.listen(deny)
    for elsewhere in ("none", "192.0.2.7"):
        look(bench, endpoint, port, options=Options(elsewhere=parse(elsewhere)))
    assert asked == [f"{endpoint.host}:443".encode()] * 2 + [b"192.0.2.7:443"]


def test_a_proxy_that_wants_tls_is_found(bench: Bench, respond: Respond, endpoint: Endpoint) -> None:
    port = bench.listen_tls(bench.authority.issue_cert("proxy.example"), respond(OPENED))
    # In clear it waits for the rest of a ClientHello.
    controls = look(bench, endpoint, port, options=Options(timeout_s=1.0))
    assert controls["scheme"].evidence["scheme"] == "https"
    assert controls["socks"].outcome is Outcome.FAILED


def test_a_proxy_that_wants_no_tls_is_found(bench: Bench, respond: Respond, endpoint: Endpoint) -> None:
    asked: list[bytes] = []
    answer = respond(b"HTTP/1.1 400 Bad Request\r\nServer: squid/5.7\r\n\r\n")

    def plain(connection: socket.socket) -> None:
        asked.append(connection.recv(65536, socket.MSG_PEEK))
        if asked[-1].startswith(b"GET"):
            answer(connection)
        else:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    control = look(bench, endpoint, bench.listen(plain), "https")["scheme"]
    assert control.evidence["headers"] == {"server": "squid/5.7"}
    assert not any(SECRET.encode() in one for one in asked)


def test_what_is_no_proxy_names_itself(bench: Bench, endpoint: Endpoint) -> None:
    def web(connection: socket.socket) -> None:
        found = connection.recv(65536).startswith(b"GET")
        status = b"200 OK" if found else b"405 Not Allowed"
        connection.sendall(b"HTTP/1.1 " + status + b"\r\nServer: nginx\r\n\r\n")

    controls = look(bench, endpoint, bench.listen(web))
    assert controls["request"].evidence["headers"] == {"server": "nginx"}
    assert controls["socks"].failure is Failure.PROXY_NOT_A_PROXY


def test_a_socks_proxy_is_found(bench: Bench, endpoint: Endpoint) -> None:
    def socks(connection: socket.socket) -> None:
        if connection.recv(3)[:1] == b"\x05":
            connection.sendall(b"\x05\x00")

    assert look(bench, endpoint, bench.listen(socks))["socks"].outcome is Outcome.PASSED


def test_an_endless_head_ends(bench: Bench, endpoint: Endpoint) -> None:
    def endless(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connection.sendall(b"X-More: " + b"a" * 4096 + b"\r\n")

    controls = look(bench, endpoint, bench.listen(endless))
    assert controls["request"].failure is Failure.PROXY_NOT_A_PROXY


def test_a_tunnel_that_opened_is_not_looked_at(bench: Bench, respond: Respond, endpoint: Endpoint) -> None:
    assert set(look(bench, endpoint, bench.listen(respond(OPENED)))) <= {"server-name", "version", "first"}
