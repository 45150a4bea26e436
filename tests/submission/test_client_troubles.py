"""What can go wrong below HTTP has its name, and nothing has left by then."""

from __future__ import annotations

import base64
import io
import socket
import ssl
import threading
from contextlib import closing, contextmanager, nullcontext
from datetime import datetime, timezone
from ipaddress import ip_address
from typing import TYPE_CHECKING, Callable

import attrs
import pytest
import trustme

from nimnetcheck.emulator import running
from nimnetcheck.model import Failure
from nimnetcheck.submission.client import Client
from nimnetcheck.submission.messages import Answer, Request, Trouble, Upload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.model import World
    from tests.submission.conftest import FarSide

HOST = "nim.example"
NO_LINGER = b"\x01\x00\x00\x00\x00\x00\x00\x00"  # closing then sends a RST
SECRET = "Bearer marked.secret.token"  # noqa: S105 (planted, to be looked for)


def call(world: World, request: Request, timeout_s: float = 1.0) -> Answer | Trouble:
    with closing(Client(world, timeout_s=timeout_s)) as client:
        return client.call(request)


def get(path: str) -> Request:
    return Request(method="GET", url=f"https://{HOST}{path}", authorization=SECRET)


@pytest.mark.parametrize(
    ("path", "failure"),
    [
        ("/hang-up", Failure.HTTP_CLOSED),
        ("/stall", Failure.HTTP_TIMEOUT),
        ("/not-http", Failure.HTTP_NOT_HTTP),
        ("/long", Failure.SUBMIT_UNEXPECTED_ANSWER),
    ],
)
def test_broken_answers_have_names(far: FarSide, path: str, failure: Failure) -> None:
    with far.serving() as world:
        outcome = call(world, get(path))
    assert isinstance(outcome, Trouble)
    assert (outcome.failure, outcome.sent) == (failure, True)
    assert "marked" not in repr(outcome)


def _expired(authority: trustme.CA) -> trustme.LeafCert:
    return authority.issue_cert(HOST, not_after=datetime(2020, 1, 1, tzinfo=timezone.utc))


@pytest.mark.parametrize(
    ("issue", "failure"),
    [
        (lambda authority: authority.issue_cert("other.example"), Failure.TLS_WRONG_HOST),
        (_expired, Failure.TLS_EXPIRED),
        (lambda _: trustme.CA().issue_cert(HOST), Failure.TLS_UNTRUSTED),
    ],
)
def test_nothing_is_sent_over_a_chain_that_does_not_verify(
    far: FarSide, issue: Callable[[trustme.CA], trustme.LeafCert], failure: Failure
) -> None:
    with far.serving(issue(far.authority)) as world:
        outcome = call(world, get("/"))
    assert isinstance(outcome, Trouble)
    assert (outcome.failure, outcome.sent, far.got) == (failure, False, [])


def test_the_host_store_does_not_trust_the_test_authority(far: FarSide) -> None:
    with far.serving() as world:
        outcome = call(attrs.evolve(world, ca_file=None), get("/"))
    assert isinstance(outcome, Trouble)
    assert (outcome.failure, far.got) == (Failure.TLS_UNTRUSTED, [])


@contextmanager
def peer(act: Callable[[socket.socket], None]) -> Iterator[int]:
    """A TCP listener that does one thing to the first connection."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                act(connection)
                done.wait()

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        done.set()
        thread.join()


def _reset(connection: socket.socket) -> None:
    connection.recv(1000)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
    connection.close()


@pytest.mark.parametrize(
    ("act", "failure"),
    [
        (lambda connection: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"), Failure.TLS_NOT_TLS),
        (lambda connection: connection.sendall(b"\x15\x03\x03\x00\x02\x02\x28"), Failure.TLS_ALERT),
        (lambda connection: connection.shutdown(socket.SHUT_RDWR), Failure.TLS_CLOSED),
        (_reset, Failure.TLS_RESET),
        (lambda _: None, Failure.TLS_TIMEOUT),
    ],
)
def test_broken_handshakes_have_names(act: Callable[[socket.socket], None], failure: Failure, far: FarSide) -> None:
    with peer(act) as port:
        outcome = call(far.world(port), get("/"), timeout_s=0.5)
    assert isinstance(outcome, Trouble)
    assert (outcome.failure, outcome.sent) == (failure, False)


def test_a_closed_port_is_refused_and_the_next_address_is_tried(far: FarSide) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = closed.getsockname()[1]
    outcome = call(far.world(nobody), get("/"))
    assert isinstance(outcome, Trouble)
    assert (outcome.failure, outcome.sent) == (Failure.TCP_REFUSED, False)
    dead, here = ip_address("192.0.2.9"), ip_address("192.0.2.10")
    with far.serving() as world:
        dial = {**world.dial, (dead, 443): (ip_address("127.0.0.1"), nobody)}
        both = attrs.evolve(world, pins={(HOST, 443): (dead, here)}, dial=dial)
        assert isinstance(call(both, get("/")), Answer)
    assert len(far.got) == 1


def cut_after(authority: trustme.CA, enough: int) -> Callable[[socket.socket], None]:
    """Read so many bytes of a request's body, then cut the connection."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)

    def act(raw: socket.socket) -> None:
        connection = context.wrap_socket(raw, server_side=True)
        read = b""
        while len(read.partition(b"\r\n\r\n")[2]) < enough:
            read += connection.recv(65536)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
        connection.close()

    return act


@pytest.mark.parametrize(("size", "enough", "whole"), [(100, 100, True), (32 * 1024**2, 1, False)])
def test_it_is_known_whether_all_of_an_upload_had_left(*, far: FarSide, size: int, enough: int, whole: bool) -> None:
    """The larger one is more than any buffer on the way holds."""
    upload = Upload(open=lambda: nullcontext(io.BytesIO(bytes(size))), size=size)
    with peer(cut_after(far.authority, enough)) as port:
        outcome = call(far.world(port), Request(method="POST", url=f"https://{HOST}/", upload=upload), timeout_s=5)
    assert isinstance(outcome, Trouble)
    assert (outcome.failure, outcome.sent, outcome.whole) == (Failure.HTTP_CLOSED, True, whole)


def test_an_answer_that_breaks_off_keeps_its_status(far: FarSide) -> None:
    with far.serving() as world:
        outcome = call(world, get("/long"))
        cut = call(world, get("/cut"))
    assert isinstance(outcome, Trouble)
    assert isinstance(cut, Trouble)
    assert (outcome.status, cut.status) == (200, 200)
    assert cut.failure is Failure.HTTP_CLOSED


def test_after_trouble_the_next_attempt_begins_with_another_address(far: FarSide) -> None:
    bad, good = ip_address("192.0.2.9"), ip_address("192.0.2.10")
    with peer(cut_after(far.authority, 0)) as port, far.serving() as world:
        dial = {**world.dial, (bad, 443): (ip_address("127.0.0.1"), port)}
        both = attrs.evolve(world, pins={(HOST, 443): (bad, good)}, dial=dial)
        with closing(Client(both, timeout_s=5)) as client:
            first, second = client.call(get("/")), client.call(get("/"))
    assert isinstance(first, Trouble)
    assert isinstance(second, Answer)


def test_a_second_answer_is_not_taken_for_that_of_the_next_request() -> None:
    with running(faults=["nim-twice:1"]) as vendor, closing(Client(vendor.world)) as client:
        basic = "Basic " + base64.b64encode(f"{vendor.username}:{vendor.password}".encode()).decode()
        asked = [
            client.call(Request(method="GET", url=f"{vendor.nim_url}/api/platform/v1/{path}", authorization=basic))
            for path in ("report/device_mode", "modules/versions")
        ]
    bodies = [outcome.body for outcome in asked if isinstance(outcome, Answer)]
    assert bodies == [b'{"device_mode":"DISCONNECTED"}', b'{"nim":"2.21.0"}']
