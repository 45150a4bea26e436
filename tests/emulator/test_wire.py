"""Each effect does on a real connection what it says."""

from __future__ import annotations

import errno
import select
import socket
import ssl
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nimnetcheck.emulator import running
from nimnetcheck.emulator.connect import HOST
from nimnetcheck.emulator.wire import EFFECTS, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.emulator import Vendor


@contextmanager
def asked(vendor: Vendor, size: int = 4096) -> Iterator[ssl.SSLSocket]:
    """A connection on which a batch of that size was announced and sent, as far as it can be."""
    context = ssl.create_default_context(cadata=vendor.ca_pem.decode())
    with context.wrap_socket(socket.create_connection(vendor.web, 5), server_hostname=HOST) as connection:
        head = (
            f"POST /api/nginx-usage/batch HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: Bearer {vendor.licence}\r\n"
            f"Content-Type: application/gzip\r\nContent-Length: {size}\r\n\r\n"
        )
        connection.sendall(head.encode() + b"\x1f\x8b" + bytes(size - 2))
        yield connection


def everything(connection: ssl.SSLSocket, begins_s: float = 5.0) -> bytes:
    """What comes until the connection ends or falls silent, once it has begun."""
    connection.settimeout(begins_s)
    got = b""
    try:
        while data := connection.recv(4096):
            got += data
            connection.settimeout(1.0)
    except (TimeoutError, socket.timeout):
        pass
    except OSError as error:
        got += type(error).__name__.encode()
    return got


def answer(fault: str, begins_s: float = 5.0) -> bytes:
    with running(faults=[fault]) as vendor, asked(vendor) as connection:
        return everything(connection, begins_s)


def test_every_effect_is_named_and_tested() -> None:
    tested = {"cut", "reset", "stall", "slow-headers", "cut-answer", "wrong-type", "html", "twice", "retry-after"}
    assert tested == set(EFFECTS) == set(WORDS)


def test_without_a_fault_one_whole_answer_comes() -> None:
    with running() as vendor, asked(vendor) as connection:
        got = everything(connection)
    assert got.startswith(b"HTTP/1.1 200")
    assert got.count(b"HTTP/1.1") == 1


def test_a_cut_ends_the_connection_without_an_answer() -> None:
    assert b"HTTP" not in answer("batch-cut")


def test_a_reset_is_a_rst() -> None:
    with running(faults=["batch-reset"]) as vendor, asked(vendor) as connection:
        poller = select.poll()
        poller.register(connection, 0)  # errors and the end alone, since session tickets come first
        poller.poll(5000)
        assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == errno.ECONNRESET


def test_a_stall_is_silence() -> None:
    assert answer("batch-stall", begins_s=0.5) == b""


def test_slow_headers_come_byte_by_byte() -> None:
    with running(faults=["batch-slow-headers"]) as vendor, asked(vendor) as connection:
        assert connection.recv(4096) == b"H"
        assert everything(connection).startswith(b"TTP/1.1 200")


def test_half_an_answer_is_less_than_it_announced() -> None:
    got = answer("nim-cut-answer")
    assert got.startswith(b"HTTP/1.1 200")  # the fault is the NIM's: the batch is left alone
    with running(faults=["bulk-cut-answer"]) as vendor, asked_bulk(vendor) as connection:
        head, _, body = everything(connection).partition(b"\r\n\r\n")
    announced = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.startswith(b"content-length"))
    assert 0 < len(body) < announced


@contextmanager
def asked_bulk(vendor: Vendor) -> Iterator[ssl.SSLSocket]:
    context = ssl.create_default_context(cadata=vendor.ca_pem.decode())
    with context.wrap_socket(socket.create_connection(vendor.web, 5), server_hostname=HOST) as connection:
        path = "/ee/v1/entitlements/telemetry/bulk"
        connection.sendall(f"POST {path} HTTP/1.1\r\nHost: product.apis.f5.com\r\nContent-Length: 0\r\n\r\n".encode())
        yield connection


def test_the_type_of_the_answer_is_wrong() -> None:
    got = answer("batch-wrong-type")
    assert got.startswith(b"HTTP/1.1 200")
    assert b"content-type: application/octet-stream" in got


def test_a_web_page_comes_with_200() -> None:
    got = answer("batch-html")
    assert got.startswith(b"HTTP/1.1 200")
    assert b"<html>" in got


def test_an_answer_comes_twice() -> None:
    assert answer("batch-twice").count(b"HTTP/1.1 200") == 2


def test_come_back_later() -> None:
    got = answer("batch-retry-after")
    assert got.startswith(b"HTTP/1.1 503")
    assert b"retry-after: 1" in got


def test_a_limited_fault_strikes_so_often_and_no_more() -> None:
    with running(faults=["batch-503:1", "batch-429:1"]) as vendor:
        seen = []
        for _ in range(3):
            with asked(vendor) as connection:
                seen.append(connection.recv(12))
    assert seen == [b"HTTP/1.1 429", b"HTTP/1.1 503", b"HTTP/1.1 200"]
