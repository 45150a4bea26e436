"""The emulator comes up, speaks both versions of HTTP, and leaves nothing behind."""

from __future__ import annotations

import gc
import socket
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from nimnetcheck.emulator import HOSTS, Vendor, Where, running
from nimnetcheck.emulator.server import listen
from nimnetcheck.emulator.teem import HOST
from tests.emulator.client import Client, client_of


@pytest.mark.parametrize(("http2", "version"), [(False, "HTTP/1.1"), (True, "HTTP/2")])
def test_both_versions_of_http_are_spoken(vendor: Vendor, http2: bool, version: str) -> None:  # noqa: FBT001 (a table's column)
    with client_of(vendor, http2=http2) as http:
        assert Client(vendor, http).request("GET", f"https://{HOST}/").http_version == version


def held() -> tuple[int, int]:
    """Threads and open files, without what earlier tests left for the collector."""
    gc.collect()
    return threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))


def test_nothing_is_left_behind() -> None:
    threads, files = held()
    with running() as vendor:
        ca_file = vendor.world.ca_file
        assert ca_file is not None
        assert ca_file.read_bytes() == vendor.ca_pem
    left = held()  # less than before, where an earlier test's garbage goes meanwhile
    assert (left[0] <= threads, left[1] <= files) == (True, True)
    assert not ca_file.exists()


def test_who_has_only_just_been_accepted_is_not_forgotten() -> None:
    with running() as vendor:
        address, port = next(iter(vendor.world.dial.values()))
        client = socket.create_connection((str(address), port), timeout=10)
    gc.collect()  # a forgotten socket would warn now
    with client, suppress(ConnectionResetError):
        assert client.recv(1) == b""


def test_it_listens_on_loopback_only(vendor: Vendor) -> None:
    assert {str(address) for address, _ in vendor.world.dial.values()} <= {"127.0.0.1", "::1"}


def test_every_emulated_address_is_dialled_to_a_listener(vendor: Vendor) -> None:
    addresses = {str(address) for address, _ in vendor.world.dial}
    assert len([address for address in addresses if address.startswith("159.60.126.")]) == 128
    assert {address for known in HOSTS.values() for address in known if ":" not in address} <= addresses


def test_no_secret_is_shown(vendor: Vendor) -> None:
    shown = repr(vendor)
    assert vendor.password not in shown
    assert vendor.licence not in shown


def test_a_port_that_is_taken_is_an_error_and_leaves_no_socket() -> None:
    with listen("127.0.0.1") as taken, pytest.raises(OSError, match="in use"):
        listen("127.0.0.1", taken.getsockname()[1])
    assert isinstance(taken, socket.socket)


def test_listening_on_ipv6_alone_serves_what_has_an_ipv6_address() -> None:
    with running(where=Where(host="::1")) as vendor:
        assert {address.version for address, _ in vendor.world.dial} == {6}
        assert vendor.web[0] == "::1"
