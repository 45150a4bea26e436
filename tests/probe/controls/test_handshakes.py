"""What a second handshake brings to light, with real servers on loopback; each beside its look-alike."""

from __future__ import annotations

import socket
import ssl
import struct
import sys
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from nimnetcheck import probe
from nimnetcheck.model import Endpoint, Failure, Observation, Outcome, Rung, World
from nimnetcheck.probe import Options
from nimnetcheck.probe.controls import look_closer
from nimnetcheck.probe.controls.handshakes import TITLES

if TYPE_CHECKING:
    from tests.probe.conftest import Bench, Handler, Respond

HOST = "usage.example"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
QUICK = Options(timeout_s=1.0)  # for who is silent on purpose: all others may take their time


def looks(endpoint: Endpoint, world: World) -> list[str]:
    """What is looked at again. Before Python 3.10 the store always is: `ssl` tells no authority."""
    controls = look(endpoint, world)
    if sys.version_info < (3, 10):
        assert controls.pop("store").outcome is Outcome.PASSED
    return list(controls)


def look(endpoint: Endpoint, world: World, options: Options | None = None) -> dict[str, Observation]:
    """The controls of this kind that follow a probe, by what they change."""
    seen = probe.run([endpoint], world, options)
    controls = [one for one in look_closer([endpoint], seen, world, options) if one.evidence["changed"] in TITLES]
    assert all(one.control and one.rung is Rung.TLS for one in controls)
    return {str(one.evidence["changed"]): one for one in controls}


def by_name(bench: Bench, end: Handler) -> Handler:
    """A filter that ends whatever asks for the vendor's name, before a server that serves any other."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    bench.authority.issue_cert("www.example.com").configure_cert(context)

    def handler(connection: socket.socket) -> None:
        if HOST.encode() in connection.recv(65536, socket.MSG_PEEK):
            end(connection)
            return
        with context.wrap_socket(connection, server_side=True) as secure:
            secure.recv(1)

    return handler


def reset(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_a_public_authority_is_not_looked_at_again(bench: Bench, respond: Respond, endpoint: Endpoint) -> None:
    assert looks(endpoint, bench.world(bench.listen_tls(bench.authority.issue_cert(HOST), respond(OK)))) == []


@pytest.mark.parametrize("filtered", [True, False], ids=["by name", "whatever the name"])
def test_a_reset_by_name_is_told_from_one_for_every_name(bench: Bench, endpoint: Endpoint, *, filtered: bool) -> None:
    handler = by_name(bench, reset) if filtered else reset
    controls = look(endpoint, bench.world(bench.listen(handler)))
    expected = Outcome.PASSED if filtered else Outcome.FAILED
    assert controls["server-name"].outcome is expected
    assert controls["version"].failure is Failure.TLS_RESET


def test_silence_by_name_is_told_from_silence_for_all(bench: Bench, endpoint: Endpoint) -> None:
    controls = look(endpoint, bench.world(bench.listen(by_name(bench, bench.silent))), QUICK)
    assert controls["server-name"].outcome is Outcome.PASSED
    assert controls["first"].evidence["closed"] is False
    silent = look(endpoint, bench.world(bench.listen(bench.silent)), Options(timeout_s=0.5))
    assert silent["server-name"].failure is Failure.TLS_TIMEOUT


def test_a_close_before_a_word_is_told_from_one_after_the_hello(bench: Bench, endpoint: Endpoint) -> None:
    def after(connection: socket.socket) -> None:
        connection.recv(65536)

    assert look(endpoint, bench.world(bench.listen(after)))["first"].evidence["closed"] is False


def test_another_name_that_is_refused_in_tls_is_an_answer_too(bench: Bench, endpoint: Endpoint) -> None:
    def picky(connection: socket.socket) -> None:
        if HOST.encode() in connection.recv(65536):
            connection.recv(65536)
            return
        connection.sendall(bytes.fromhex("15030300020270"))

    control = look(endpoint, bench.world(bench.listen(picky)), QUICK)["server-name"]
    assert control.evidence["alert"] == {"number": 112, "name": "unrecognized_name"}


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1:DeprecationWarning")
def test_an_old_server_says_which_version_it_speaks(bench: Bench, respond: Respond, endpoint: Endpoint) -> None:
    certificate = bench.authority.issue_cert(HOST)
    old = bench.listen_tls(certificate, respond(OK), maximum_version=ssl.TLSVersion.TLSv1_2)
    assert looks(endpoint, bench.world(old)) == []  # 1.2 is what the product speaks
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.maximum_version = ssl.TLSVersion.TLSv1_1

    def ancient(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            secure.recv(1)

    control = look(endpoint, bench.world(bench.listen(ancient)))["version"]
    assert control.evidence["version"] in ("TLSv1.1", "TLSv1")


def test_an_authority_that_only_this_host_trusts_is_seen(
    bench: Bench,
    respond: Respond,
    endpoint: Endpoint,
    tmp_path: Any,  # noqa: ANN401 (a Path)
) -> None:
    company = trustme.CA(organization_name="Company Inspection")
    both, public = tmp_path / "both.pem", tmp_path / "public.pem"
    bench.authority.cert_pem.write_to_path(str(public))
    both.write_bytes(bench.authority.cert_pem.bytes() + company.cert_pem.bytes())
    port = bench.listen_tls(company.issue_cert(HOST), respond(OK))
    world = bench.world(port, ca_file=both, public_file=public)
    store = look(endpoint, world)["store"]
    assert store.failure is Failure.TLS_UNTRUSTED
    assert store.evidence["verify_code"] in (18, 19, 20)
    true = bench.listen_tls(bench.authority.issue_cert(HOST), respond(OK))
    assert looks(endpoint, bench.world(true, ca_file=both, public_file=public)) == []


def test_a_root_that_this_host_lacks_is_told_from_a_foreign_one(
    bench: Bench,
    respond: Respond,
    endpoint: Endpoint,
    tmp_path: Any,  # noqa: ANN401 (a Path)
) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    true = bench.listen_tls(bench.authority.issue_cert(HOST), respond(OK))
    lacking = bench.world(true, ca_file=other, public_file=bench.ca_file)
    assert look(endpoint, lacking)["store"].outcome is Outcome.PASSED
    foreign = bench.listen_tls(trustme.CA().issue_cert(HOST), respond(OK))
    assert look(endpoint, bench.world(foreign))["store"].failure is Failure.TLS_UNTRUSTED


@pytest.mark.parametrize(
    ("greeting", "said"),
    [(b"SSH-2.0-OpenSSH_9.2\r\n\x1b[2J", "SSH-2.0-OpenSSH_9.2"), (b"220 mail ESMTP\r\n", "220 mail")],
)
def test_a_server_that_speaks_first_names_itself(bench: Bench, endpoint: Endpoint, greeting: bytes, said: str) -> None:
    def banner(connection: socket.socket) -> None:
        connection.sendall(greeting)
        connection.recv(65536)

    control = look(endpoint, bench.world(bench.listen(banner)))["first"]
    assert said in str(control.evidence["said"])
    assert str(control.evidence["said"]).isprintable()


def test_a_web_server_without_tls_names_itself(bench: Bench, endpoint: Endpoint) -> None:
    def web(connection: socket.socket) -> None:
        asked = connection.recv(65536)
        status = b"200 OK" if asked.startswith(b"GET") else b"400 Bad Request"
        connection.sendall(b"HTTP/1.1 " + status + b"\r\nServer: nginx/1.22\r\nSet-Cookie: sid=1\r\n\r\n")

    control = look(endpoint, bench.world(bench.listen(web)))["plain"]
    assert control.evidence["status"] == 200
    assert control.evidence["headers"] == {"server": "nginx/1.22"}


def test_a_head_without_end_is_cut_off(bench: Bench, endpoint: Endpoint) -> None:
    def endless(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connection.sendall(b"X-More: " + b"a" * 4096 + b"\r\n")

    assert look(endpoint, bench.world(bench.listen(endless)))["plain"].failure is Failure.HTTP_NOT_HTTP
