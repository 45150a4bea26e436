"""A trickle comes to an end, and a pinned certificate is the only one that is trusted."""

from __future__ import annotations

import hashlib
import socket
import ssl
import threading
from contextlib import closing
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Callable

import pytest
import trustme

from nimnetcheck import net
from nimnetcheck.errors import InputError
from nimnetcheck.model import Failure
from nimnetcheck.submission.client import Client
from nimnetcheck.submission.connection import Deadline, context, look
from nimnetcheck.submission.messages import Answer, Request, Trouble
from nimnetcheck.submission.route import Anchor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nimnetcheck.model import World
    from nimnetcheck.submission.messages import Outcome
    from tests.submission.conftest import FarSide

HOST = "nim.example"


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    """The authority, as a file."""
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return tmp_path / "ca.pem"


@pytest.fixture
def trickle(authority: trustme.CA) -> Iterator[int]:
    """A TLS server that sends a byte every 20 ms, until nobody listens."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(tls)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            raw, _ = listener.accept()
            try:
                with tls.wrap_socket(raw, server_side=True) as connection:
                    while True:
                        connection.sendall(b"x")
                        threading.Event().wait(0.02)
            except OSError:
                return

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def read_on(port: int, ca_file: Path, deadline: Deadline, times: int) -> None:
    """Read byte by byte, each within ten seconds, as httpcore does."""
    raw = socket.create_connection(("127.0.0.1", port), 10)
    with context(Anchor(), ca_file, deadline).wrap_socket(raw, server_hostname=HOST) as connection:
        for _ in range(times):
            connection.settimeout(10)
            connection.recv(1)


def test_a_trickle_ends_at_the_deadline(trickle: int, ca_file: Path) -> None:
    with pytest.raises(OSError, match="timed out"):
        read_on(trickle, ca_file, Deadline(net.monotonic() + 0.5), 100_000)


def test_without_a_deadline_it_goes_on(trickle: int, ca_file: Path) -> None:
    read_on(trickle, ca_file, Deadline(), 10)


def test_a_time_out_is_capped_and_never_becomes_endless_or_none() -> None:
    soon = Deadline(net.monotonic() + 5)
    assert soon.cap(1) == 1
    assert soon.cap(60) == pytest.approx(5, abs=1)
    assert soon.cap(None) == pytest.approx(5, abs=1)
    assert Deadline(net.monotonic() - 5).cap(60) == pytest.approx(0.001)


def fingerprint(world: World) -> str:
    return hashlib.sha256(look(world, HOST, 443, timeout_s=10)[0]).hexdigest()


def test_a_pinned_certificate_is_trusted_and_no_other(far: FarSide) -> None:
    """Both are for the right name and by the same authority: only the pin tells them apart."""
    mine, other = far.authority.issue_cert(HOST), far.authority.issue_cert(HOST)
    with far.serving(mine) as world:
        pin = fingerprint(world)
        assert isinstance(call(world, pin), Answer)
    got = len(far.got)
    with far.serving(other) as world:
        outcome = call(world, pin)
    assert isinstance(outcome, Trouble)
    assert (outcome.failure, outcome.sent) == (Failure.TLS_UNTRUSTED, False)
    assert pin in outcome.detail
    assert len(far.got) == got, "no request left"


@pytest.mark.parametrize(
    "issue",
    [
        lambda: trustme.CA().issue_cert("manager-server"),
        lambda: trustme.CA().issue_cert(HOST, not_after=datetime(2020, 1, 1, tzinfo=timezone.utc)),
    ],
)
def test_a_pin_stands_for_name_and_authority(far: FarSide, issue: Callable[[], trustme.LeafCert]) -> None:
    """What a NIM makes for itself is for a name of its own, by nobody, and often out of date."""
    with far.serving(issue()) as world:
        pin = fingerprint(world)
        assert isinstance(call(world, ""), Trouble)
        assert isinstance(call(world, pin), Answer)


def test_a_pin_is_for_the_own_host_alone(far: FarSide) -> None:
    with far.serving(trustme.CA().issue_cert(HOST)) as world:
        pin = fingerprint(world)
        outcome = call(world, pin, own="https://another.example")
    assert isinstance(outcome, Trouble)
    assert outcome.failure is Failure.TLS_UNTRUSTED


def test_a_look_says_whether_anybody_vouches_and_sends_nothing(far: FarSide) -> None:
    with far.serving() as world:
        assert look(world, HOST, 443, timeout_s=10)[1] == ""
    with far.serving(trustme.CA().issue_cert(HOST)) as world:
        der, problem = look(world, HOST, 443, timeout_s=10)
    assert der
    assert "unable to get local issuer" in problem
    assert far.got == []


def test_a_host_that_is_not_there_is_refused_in_words(far: FarSide) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = closed.getsockname()[1]
    with pytest.raises(InputError, match=r"nim\.example: no TLS on port 443: "):
        look(far.world(nobody), HOST, 443, timeout_s=5)


def call(world: World, pin: str, own: str = f"https://{HOST}") -> Outcome:
    with closing(Client(world, timeout_s=5, own=own, anchor=Anchor(sha256=pin))) as client:
        return client.call(Request(method="GET", url=f"https://{HOST}/", authorization="Bearer marked"))
