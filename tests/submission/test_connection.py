"""A deadline holds where time-outs for single operations do not: a trickle comes to an end."""

from __future__ import annotations

import socket
import ssl
import threading
from typing import TYPE_CHECKING

import pytest

from nimnetcheck import net
from nimnetcheck.submission.connection import Deadline, guard

if TYPE_CHECKING:
    from collections.abc import Iterator

    import trustme

HOST = "nim.example"


@pytest.fixture
def trickle(authority: trustme.CA) -> Iterator[int]:
    """A TLS server that sends a byte every 20 ms, until nobody listens."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            raw, _ = listener.accept()
            try:
                with context.wrap_socket(raw, server_side=True) as connection:
                    while True:
                        connection.sendall(b"x")
                        threading.Event().wait(0.02)
            except OSError:
                return

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def read_on(port: int, authority: trustme.CA, deadline: Deadline, times: int) -> None:
    """Read byte by byte, each within ten seconds, as httpcore does."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    raw = socket.create_connection(("127.0.0.1", port), 10)
    with guard(context, deadline).wrap_socket(raw, server_hostname=HOST) as connection:
        for _ in range(times):
            connection.settimeout(10)
            connection.recv(1)


def test_a_trickle_ends_at_the_deadline(trickle: int, authority: trustme.CA) -> None:
    with pytest.raises(OSError, match="timed out"):
        read_on(trickle, authority, Deadline(net.monotonic() + 0.5), 100_000)


def test_without_a_deadline_it_goes_on(trickle: int, authority: trustme.CA) -> None:
    read_on(trickle, authority, Deadline(), 10)


def test_a_time_out_is_capped_and_never_becomes_endless_or_none() -> None:
    soon = Deadline(net.monotonic() + 5)
    assert soon.cap(1) == 1
    assert soon.cap(60) == pytest.approx(5, abs=1)
    assert soon.cap(None) == pytest.approx(5, abs=1)
    assert Deadline(net.monotonic() - 5).cap(60) == pytest.approx(0.001)
