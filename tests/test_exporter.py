"""The page of metrics: answered for whoever asks properly, closed to whoever does not, bounded for all."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import httpx
import pytest

from nimnetcheck.errors import InputError
from nimnetcheck.exporter import answer, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = "probe_success 1\n"


@pytest.fixture
def where() -> Iterator[tuple[str, int]]:
    with serving("127.0.0.1", 0, lambda: PAGE) as bound:
        yield bound


def say(where: tuple[str, int], words: bytes) -> bytes:
    """What comes back, until the other side closes."""
    with socket.create_connection(where) as sock:
        sock.sendall(words)
        said = b""
        while chunk := sock.recv(4096):
            said += chunk
    return said


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "/metrics", 200),
        ("GET", "/metrics?x=1", 200),
        ("GET", "/", 200),
        ("GET", "/../etc/passwd", 404),
        ("POST", "/metrics", 405),
    ],
)
def test_there_is_one_page(method: str, target: str, status: int) -> None:
    assert answer(method, target, PAGE)[0] == status


def test_before_the_first_run_there_is_none() -> None:
    assert answer("GET", "/metrics", "")[0] == 503


def test_a_client_reads_it(where: tuple[str, int]) -> None:
    with httpx.Client(trust_env=False, base_url=f"http://127.0.0.1:{where[1]}") as client:
        got = client.get("/metrics")
        assert (got.status_code, got.text) == (200, PAGE)
        assert got.headers["content-type"].startswith("text/plain; version=0.0.4")
        head = client.head("/metrics")
        assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(PAGE)), b"")


@pytest.mark.parametrize(
    "words",
    [b"junk\r\n\r\n", b"GET /metrics HTTP/1.1\r\n\r\n", b"GET /" + b"x" * 9000, b"\x16\x03\x01\x02\x00\x01"],
    ids=["no-http", "no-host", "too-long", "tls"],
)
def test_what_is_no_request_is_told_so_and_nothing_else(where: tuple[str, int], words: bytes) -> None:
    said = say(where, words + b"\r\n" * 2)
    assert said.startswith(b"HTTP/1.1 4")
    assert b"probe_success" not in said


def test_a_port_that_is_taken_is_refused_in_one_line(where: tuple[str, int]) -> None:
    with pytest.raises(InputError, match=f"--listen 127.0.0.1:{where[1]}: "), serving(*where, lambda: PAGE):
        pass
