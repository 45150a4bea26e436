"""Requests reach the host they name, and each is logged without its secrets."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.emulator.teem import HOST

if TYPE_CHECKING:
    from tests.emulator.client import Client


@pytest.mark.parametrize(
    ("host", "label"), [("159.60.126.7", "analogue"), ("159.60.126.128", "inferred"), ("[::1]:8443", "inferred")]
)
def test_an_address_of_the_range_is_the_collectors_and_any_other_the_nims(
    client: Client, host: str, label: str
) -> None:
    address, port = next(iter(client.vendor.world.dial.values()))
    url = f"https://{address}:{port}/ui/"
    answer = client.http.get(url, headers={"Host": host}, extensions={"sni_hostname": HOST})
    assert answer.headers["x-nimnetcheck-label"] == label


def test_a_name_that_is_not_emulated_is_misdirected(client: Client) -> None:
    answer = client.request("GET", f"https://{HOST}/", headers={"Host": "other.example"})
    assert answer.status_code == 421


def test_arrivals_are_logged_without_headers(client: Client) -> None:
    client.request("POST", f"https://{HOST}/", headers={"Authorization": "Bearer secret-of-mine"}, content=b"abc")
    assert client.vendor.requests[-1].sha256 == hashlib.sha256(b"abc").hexdigest()
    client.request("GET", f"https://{HOST}/", headers={"Authorization": "Bearer secret-of-mine"})
    arrival = client.vendor.requests[-1]
    assert (arrival.host, arrival.method, arrival.path, arrival.status) == (HOST, "GET", "/", 200)
    assert "secret-of-mine" not in repr(client.vendor.requests)
