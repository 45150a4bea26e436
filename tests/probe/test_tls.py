"""Handshakes with real servers: trusted, and every way in which they are not, each beside its look-alike."""

from __future__ import annotations

import socket
import ssl
import struct
import sys
from datetime import datetime, timedelta, timezone
from ipaddress import ip_network
from typing import TYPE_CHECKING

import attrs
import pytest
import trustme

from nimnetcheck import probe
from nimnetcheck.model import Failure, Observation, Outcome, Rung
from nimnetcheck.probe import Options

if TYPE_CHECKING:
    from pathlib import Path

    from nimnetcheck.model import Endpoint, World
    from tests.probe.conftest import Bench, Respond

HOST = "usage.example"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
NOW = datetime.now(timezone.utc)
QUICK = Options(timeout_s=0.5)


def tls(endpoint: Endpoint, world: World, options: Options | None = None) -> Observation:
    seen = probe.run([endpoint], world, options)
    return next(observation for observation in seen if observation.rung is Rung.TLS)


def chain(observation: Observation) -> list[dict[str, object]]:
    shown = observation.evidence["chain"]
    assert isinstance(shown, list)
    return shown


def test_a_trusted_chain_passes_with_all_that_was_shown(bench: Bench, respond: Respond, endpoint: Endpoint) -> None:
    port = bench.listen_tls(bench.authority.issue_cert(HOST, "other.example"), respond(OK))
    seen = tls(endpoint, bench.world(port))
    assert seen.outcome is Outcome.PASSED
    assert seen.evidence["version"] == "TLSv1.3"
    assert seen.evidence["bytes_received"]
    leaf = chain(seen)[0]
    assert leaf["names"] == [HOST, "other.example"]
    assert "Testing CA" in str(leaf["issuer"])


def test_this_site_s_own_nim_is_verified_by_what_the_product_is_told(
    bench: Bench, respond: Respond, endpoint: Endpoint, tmp_path: Path
) -> None:
    own, ca_file = trustme.CA(), tmp_path / "nim-ca.pem"
    own.cert_pem.write_to_path(str(ca_file))
    world = bench.world(bench.listen_tls(own.issue_cert("manager-server"), respond(OK)))
    assert tls(endpoint, world).failure is Failure.TLS_UNTRUSTED
    told = attrs.evolve(endpoint, ca_file=ca_file, tls_name="manager-server")
    seen = tls(told, world)
    assert (seen.outcome, seen.evidence["verified"]) == (Outcome.PASSED, True)
    assert tls(attrs.evolve(told, tls_name=""), world).failure is Failure.TLS_WRONG_HOST
    trusted = bench.world(bench.listen_tls(bench.authority.issue_cert("manager-server"), respond(OK)))
    assert tls(told, trusted).failure is Failure.TLS_UNTRUSTED  # this host's own authorities do not count then


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_file_that_cannot_be_read_leaves_the_host_s_authorities(
    bench: Bench, respond: Respond, endpoint: Endpoint, tmp_path: Path, content: str | None
) -> None:
    if content:
        (tmp_path / "nim-ca.pem").write_text(content, encoding="utf-8")
    told = attrs.evolve(endpoint, ca_file=tmp_path / "nim-ca.pem")
    port = bench.listen_tls(bench.authority.issue_cert(HOST), respond(OK))
    assert tls(told, bench.world(port)).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("days", "failure"),
    [((-10, -1), Failure.TLS_EXPIRED), ((1, 10), Failure.TLS_NOT_YET_VALID), ((-1, 1), None)],
    ids=["expired", "not yet valid", "valid"],
)
def test_dates(
    bench: Bench, respond: Respond, endpoint: Endpoint, days: tuple[int, int], failure: Failure | None
) -> None:
    start, end = (NOW + timedelta(days=day) for day in days)
    certificate = bench.authority.issue_cert(HOST, not_before=start, not_after=end)
    seen = tls(endpoint, bench.world(bench.listen_tls(certificate, respond(OK))))
    assert seen.failure is failure
    assert chain(seen)[0]["not_after"] == f"{end:%Y-%m-%dT%H:%M:%SZ}"


def test_another_authority_is_untrusted_and_shown(bench: Bench, endpoint: Endpoint) -> None:
    interceptor = trustme.CA(organization_name="Middle Box Inc")
    received: list[bytes] = []

    def nosy(connection: socket.socket) -> None:
        received.append(connection.recv(100))

    seen = tls(endpoint, bench.world(bench.listen_tls(interceptor.issue_cert(HOST), nosy)))
    assert seen.failure is Failure.TLS_UNTRUSTED
    assert "Middle Box Inc" in seen.detail
    assert "Middle Box Inc" in str(chain(seen)[0]["issuer"])
    assert seen.evidence["trust_store"] == str(bench.ca_file)
    assert b"".join(received) == b""


def test_another_name_is_the_wrong_host(bench: Bench, respond: Respond, endpoint: Endpoint) -> None:
    seen = tls(endpoint, bench.world(bench.listen_tls(bench.authority.issue_cert("portal.example"), respond(OK))))
    assert seen.failure is Failure.TLS_WRONG_HOST
    assert chain(seen)[0]["names"] == ["portal.example"]


@pytest.mark.parametrize("greeting", [b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x00\x00\x00"])
def test_what_is_no_tls_is_shown_by_its_first_bytes(bench: Bench, endpoint: Endpoint, greeting: bytes) -> None:
    def plain(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(greeting)

    seen = tls(endpoint, bench.world(bench.listen(plain)))
    assert seen.failure is Failure.TLS_NOT_TLS
    assert str(seen.evidence["first_bytes"]) in greeting.decode()
    assert "\r" not in str(seen.evidence["first_bytes"])


def test_a_reset_and_a_close_in_the_handshake_are_told_apart(bench: Bench, endpoint: Endpoint) -> None:
    def reset(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def close(connection: socket.socket) -> None:
        connection.recv(65536)

    assert tls(endpoint, bench.world(bench.listen(reset))).failure is Failure.TLS_RESET
    assert tls(endpoint, bench.world(bench.listen(close))).failure is Failure.TLS_CLOSED


def test_silence_after_the_connection_is_a_time_out_with_counters(bench: Bench, endpoint: Endpoint) -> None:
    seen = tls(endpoint, bench.world(bench.listen(bench.silent)), QUICK)
    assert seen.failure is Failure.TLS_TIMEOUT
    assert seen.evidence["retransmits"] == 0
    assert seen.evidence["bytes_received"] == 0


def test_an_alert_has_its_number(bench: Bench, endpoint: Endpoint) -> None:
    def refuse(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(bytes.fromhex("15030300020228"))

    seen = tls(endpoint, bench.world(bench.listen(refuse)))
    assert seen.failure is Failure.TLS_ALERT
    assert seen.evidence["alert"] == {"number": 40, "name": "handshake_failure"}


def test_the_chain_is_shown_as_it_was_sent(bench: Bench, respond: Respond, endpoint: Endpoint) -> None:
    leaf = bench.authority.create_child_ca().issue_cert(HOST)
    shown = chain(tls(endpoint, bench.world(bench.listen_tls(leaf, respond(OK)))))
    assert shown[0]["names"] == [HOST]
    if sys.version_info >= (3, 10):  # 3.9 tells of the leaf alone
        assert [one["subject"] for one in shown[1:]] == [shown[0]["issuer"]]


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_host_that_wants_a_client_certificate_is_reached(
    bench: Bench, respond: Respond, endpoint: Endpoint, version: ssl.TLSVersion
) -> None:
    port = bench.listen_tls(
        bench.authority.issue_cert(HOST),
        respond(OK),
        verify_mode=ssl.CERT_REQUIRED,
        minimum_version=version,
        maximum_version=version,
    )
    seen = probe.run([endpoint], bench.world(port))
    assert [one for one in seen if one.outcome is Outcome.FAILED] == []
    assert any("the path is open" in one.detail for one in seen)
    skipped = [one.rung for one in seen if one.outcome is Outcome.SKIPPED]
    assert skipped == ([Rung.HTTP, Rung.PATH] if version is ssl.TLSVersion.TLSv1_2 else [])


def test_without_a_name_an_untrusted_chain_and_an_alert_still_prove_the_path(
    bench: Bench, respond: Respond, endpoint: Endpoint
) -> None:
    interceptor = trustme.CA()

    def refuse(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(bytes.fromhex("15030300020228"))

    world = bench.world(bench.listen_tls(interceptor.issue_cert(HOST), respond(OK)))
    nameless = attrs.evolve(endpoint, host=None, networks=(ip_network("127.0.0.1"),))
    seen = tls(nameless, world)
    assert seen.outcome is Outcome.PASSED
    assert seen.evidence["verified"] is False
    assert "self-signed" in seen.detail or "unable to get local issuer" in seen.detail
    assert tls(nameless, bench.world(bench.listen(refuse))).outcome is Outcome.PASSED
    assert tls(nameless, bench.world(bench.listen(bench.silent)), QUICK).failure is Failure.TLS_TIMEOUT


def test_without_a_name_a_trusted_chain_is_verified_whatever_it_names(
    bench: Bench, respond: Respond, endpoint: Endpoint
) -> None:
    world = bench.world(bench.listen_tls(bench.authority.issue_cert("collector.example"), respond(OK)))
    nameless = attrs.evolve(endpoint, host=None, networks=(ip_network("127.0.0.1"),))
    assert tls(nameless, world).evidence["verified"] is True
