"""What a NIM sends by itself goes over verified TLS, through its proxy if it has one, and is told in its log."""

from __future__ import annotations

import time
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest

from nimnetcheck.emulator import CONNECTED
from nimnetcheck.emulator.nim import HOST
from nimnetcheck.submission.usage import records
from tests.emulator.nim.client import add_licence, nim

if TYPE_CHECKING:
    from tests.emulator.client import Client


def logged(client: Client, words: str) -> list[str]:
    until = time.monotonic() + 5
    while time.monotonic() < until:
        found = [line for line in client.vendor.nim_log if words in line]
        if found:
            return found
        time.sleep(0.01)
    return []


def relay(client: Client) -> None:
    record: Any = next(islice(records(1), 1))
    client.request("POST", f"https://{HOST}/api/nginx-usage", headers=client.bearer, json=record)


def test_a_batch_is_logged_as_documented() -> None:
    with nim(nim_version="2.22.0", nim_mode=CONNECTED) as client:
        relay(client)
        assert logged(client, "NC-POST") == ["[info] [NC-POST] NC response status=200 batch_size=1"]
        assert not any(client.vendor.licence in line for line in client.vendor.nim_log)


def test_a_batch_that_was_refused_is_sent_again() -> None:
    with nim(nim_version="2.22.0", nim_mode=CONNECTED, faults=["batch-503:1"]) as client:
        relay(client)
        assert logged(client, "status=200")
        assert logged(client, "NC-RETRY")


@pytest.mark.parametrize("through", [True, False])
def test_it_goes_through_the_proxy_that_the_nim_is_given_and_else_not(through: bool) -> None:  # noqa: FBT001 (a table's column)
    with nim(nim_mode=CONNECTED, nim_through_proxy=through) as client:
        add_licence(client)
        until = time.monotonic() + 5
        while time.monotonic() < until and "entitlements" not in {one.place for one in client.vendor.requests}:
            time.sleep(0.01)
        expected = ["product.apis.f5.com:443", "product-s.apis.f5.com:443"] if through else []
        assert client.vendor.proxy.asked == expected


def test_a_certificate_that_it_does_not_trust_ends_the_call() -> None:
    with nim(nim_mode=CONNECTED, faults=["nim-old-bundle"]) as client:
        add_licence(client)
        assert logged(client, "certificate verify failed")
        assert not {arrival.place for arrival in client.vendor.requests} & {"manifest", "entitlements"}
