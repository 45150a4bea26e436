"""CONNECT through a proxy on loopback: opened, refused in each way, and what is no proxy."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
import trustme

from nimnetcheck import probe
from nimnetcheck.model import Failure, Observation, Outcome, Rung, World
from nimnetcheck.probe import Options, Proxy

if TYPE_CHECKING:
    from nimnetcheck.model import Endpoint
    from tests.probe.conftest import Bench, Handler, Respond

HOST = "usage.example"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
SECRET = "Basic c2VjcmV0"  # noqa: S105 (what must not be seen again)


def relay(port: int, heads: list[bytes]) -> Handler:
    """A proxy that opens every tunnel to one port, and keeps the heads that it was sent."""

    def pump(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while True:
                data = source.recv(65536)
                if not data:
                    break
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    def handler(connection: socket.socket) -> None:
        heads.append(connection.recv(4096))
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with socket.create_connection(("127.0.0.1", port)) as onward:
            back = threading.Thread(target=pump, args=(onward, connection))
            back.start()
            pump(connection, onward)
            back.join()

    return handler


def through(bench: Bench, endpoint: Endpoint, handler: Handler, timeout_s: float = 5.0) -> tuple[Observation, ...]:
    proxy = Proxy(host="127.0.0.1", port=bench.listen(handler), authorization=SECRET)
    return probe.run([endpoint], World(ca_file=bench.ca_file), Options(proxy=proxy, timeout_s=timeout_s))


def test_a_tunnel_carries_tls_and_http(bench: Bench, respond: Respond, endpoint: Endpoint) -> None:
    heads: list[bytes] = []
    far = bench.listen_tls(bench.authority.issue_cert(HOST), respond(OK))
    seen = through(bench, endpoint, relay(far, heads))
    assert [(one.rung, one.outcome) for one in seen] == [
        (rung, Outcome.PASSED) for rung in (Rung.TCP, Rung.PROXY, Rung.TLS, Rung.HTTP, Rung.PATH)
    ]
    assert heads[0].startswith(b"CONNECT usage.example:443 HTTP/1.1\r\n")
    assert f"Proxy-Authorization: {SECRET}".encode() in heads[0]
    assert SECRET not in repr(seen)


def test_an_inspecting_proxy_is_seen_by_its_certificate(bench: Bench, respond: Respond, endpoint: Endpoint) -> None:
    inspector = trustme.CA(organization_name="Inspecting Proxy")
    seen = through(bench, endpoint, relay(bench.listen_tls(inspector.issue_cert(HOST), respond(OK)), []))
    broken = next(one for one in seen if one.failure)
    assert broken.failure is Failure.TLS_UNTRUSTED
    assert "Inspecting Proxy" in broken.detail


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        (
            b'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\n\r\n',
            Failure.PROXY_AUTH_REQUIRED,
        ),
        (b"HTTP/1.1 403 Forbidden\r\nX-Squid-Error: ERR_ACCESS_DENIED 0\r\n\r\n", Failure.PROXY_DENIED),
        (b"HTTP/1.1 503 Service Unavailable\r\n\r\n", Failure.PROXY_UPSTREAM_FAILED),
        (b"HTTP/1.1 405 Method Not Allowed\r\n\r\n", Failure.PROXY_NOT_A_PROXY),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", Failure.PROXY_NOT_A_PROXY),
        (b"", Failure.PROXY_NOT_A_PROXY),
    ],
)
def test_refusals(bench: Bench, respond: Respond, endpoint: Endpoint, reply: bytes, failure: Failure) -> None:
    seen = through(bench, endpoint, respond(reply))
    broken = next(one for one in seen if one.failure)
    assert (broken.rung, broken.failure) == (Rung.PROXY, failure)
    assert {one.outcome for one in seen if one.rung in (Rung.TLS, Rung.HTTP)} == {Outcome.SKIPPED}


def test_the_headers_of_a_refusal_are_kept(bench: Bench, respond: Respond, endpoint: Endpoint) -> None:
    seen = through(bench, endpoint, respond(b"HTTP/1.1 403 Forbidden\r\nX-Squid-Error: ERR_ACCESS_DENIED 0\r\n\r\n"))
    broken = next(one for one in seen if one.failure)
    assert broken.evidence["headers"] == {"x-squid-error": "ERR_ACCESS_DENIED 0"}


@pytest.mark.parametrize(
    ("offered", "schemes"),
    [
        (["NTLM", "Negotiate"], ["ntlm", "negotiate"]),
        (["Negotiate", 'Basic realm="x"'], ["negotiate", "basic"]),
        ([], None),
    ],
)
def test_every_scheme_that_a_proxy_offers_is_kept(
    bench: Bench, respond: Respond, endpoint: Endpoint, offered: list[str], schemes: list[str] | None
) -> None:
    lines = "".join(f"Proxy-Authenticate: {one}\r\n" for one in offered)
    seen = through(bench, endpoint, respond(f"HTTP/1.1 407 Sign In\r\n{lines}\r\n".encode()))
    broken = next(one for one in seen if one.failure)
    assert broken.evidence.get("schemes") == schemes
    assert broken.evidence["credentials_sent"] is True


def https(bench: Bench, endpoint: Endpoint, port: int, *, verify: bool = True) -> tuple[Observation, ...]:
    proxy = Proxy(host="127.0.0.1", port=port, scheme="https", verify=verify)
    return probe.run([endpoint], World(ca_file=bench.ca_file), Options(proxy=proxy, timeout_s=2.0))


def test_a_proxy_in_tls_carries_tls(bench: Bench, respond: Respond, endpoint: Endpoint) -> None:
    far = bench.listen_tls(bench.authority.issue_cert(HOST), respond(OK))
    port = bench.listen_tls(bench.authority.issue_cert("127.0.0.1"), tls_relay(far))
    assert {one.outcome for one in https(bench, endpoint, port)} == {Outcome.PASSED}


def tls_relay(port: int) -> Handler:
    """A proxy that opens every tunnel to one port, and is itself spoken to in TLS: one direction at a time."""

    def handler(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with socket.create_connection(("127.0.0.1", port)) as onward, suppress(OSError):
            onward.settimeout(0.05)
            connection.settimeout(0.05)
            for _ in range(100):
                for source, sink in ((connection, onward), (onward, connection)):
                    with suppress(socket.timeout):  # TimeoutError from 3.10 on
                        sink.sendall(source.recv(65536))

    return handler


def test_the_certificate_of_a_proxy_in_tls_is_its_own_matter(
    bench: Bench, respond: Respond, endpoint: Endpoint
) -> None:
    answer = respond(b"HTTP/1.1 403 Forbidden\r\n\r\n")
    port = bench.listen_tls(trustme.CA().issue_cert("127.0.0.1"), answer)
    strict = next(one for one in https(bench, endpoint, port) if one.failure)
    assert (strict.rung, strict.failure) == (Rung.PROXY, Failure.TLS_UNTRUSTED)
    loose = next(one for one in https(bench, endpoint, port, verify=False) if one.failure)
    assert loose.failure is Failure.PROXY_DENIED


def test_a_proxy_without_tls_is_no_tls(bench: Bench, endpoint: Endpoint) -> None:
    def plain(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    seen = next(one for one in https(bench, endpoint, bench.listen(plain)) if one.failure)
    assert (seen.rung, seen.failure) == (Rung.PROXY, Failure.TLS_NOT_TLS)


def test_a_proxy_that_keeps_trying_cannot_reach_the_far_side(bench: Bench, endpoint: Endpoint) -> None:
    seen = through(bench, endpoint, bench.silent, 0.4)
    assert next(one for one in seen if one.failure).failure is Failure.PROXY_UPSTREAM_FAILED


def test_credentials_are_in_no_repr() -> None:
    assert SECRET not in repr(Options(proxy=Proxy(host="proxy", port=1, authorization=SECRET)))
