"""Requests reach the host they name, and each is logged without its secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.emulator.teem import HOST

if TYPE_CHECKING:
    from tests.emulator.client import Client


def test_what_has_no_name_is_the_collectors(client: Client) -> None:
    address, port = next(iter(client.vendor.world.dial.values()))
    answer = client.http.get(
        f"https://{address}:{port}/anything", headers={"Host": "159.60.126.7"}, extensions={"sni_hostname": HOST}
    )
    assert answer.headers["x-nimnetcheck-label"] == "analogue"


def test_a_name_that_is_not_emulated_is_misdirected(client: Client) -> None:
    answer = client.request("GET", f"https://{HOST}/", headers={"Host": "other.example"})
    assert answer.status_code == 421


def test_arrivals_are_logged_without_headers(client: Client) -> None:
    client.request("GET", f"https://{HOST}/", headers={"Authorization": "Bearer secret-of-mine"})
    arrival = client.vendor.requests[-1]
    assert (arrival.host, arrival.method, arrival.path, arrival.status) == (HOST, "GET", "/", 200)
    assert "secret-of-mine" not in repr(client.vendor.requests)
