"""product.connect.nginx.com takes a gzip with a token, and nothing else."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.emulator.connect import HOST

if TYPE_CHECKING:
    from tests.emulator.client import Client

BATCH = f"https://{HOST}/api/nginx-usage/batch"
GZIP = {"Content-Type": "application/gzip"}


def test_a_batch_is_taken(client: Client) -> None:
    answer = client.request("POST", BATCH, headers={**client.bearer, **GZIP}, content=gzip.compress(b"{}\n"))
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("method", "headers", "body", "status"),
    [
        ("GET", {}, b"", 405),
        ("POST", {"Authorization": "Bearer x"}, gzip.compress(b""), 401),
        ("POST", {"Content-Type": "application/json"}, gzip.compress(b""), 415),
        ("POST", {}, b"plain", 400),
        ("POST", {}, b"", 400),
    ],
)
def test_what_breaks_the_contract_is_refused(
    client: Client, method: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    sent = {**client.bearer, **GZIP, **headers}
    assert client.request(method, BATCH, headers=sent, content=body).status_code == status
