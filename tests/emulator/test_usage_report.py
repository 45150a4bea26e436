"""One instance's report is taken with all documented fields and a token, by the vendor and by a NIM."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest

from nimnetcheck.emulator.connect import HOST as CONNECT
from nimnetcheck.emulator.nim import HOST as NIM
from nimnetcheck.emulator.usage_report import FIELDS
from nimnetcheck.submission.usage import records

if TYPE_CHECKING:
    from tests.emulator.client import Client

RECORD: dict[str, Any] = dict(next(islice(records(1), 1)))


@pytest.mark.parametrize("host", [CONNECT, NIM])
def test_a_record_is_taken(client: Client, host: str) -> None:
    answer = client.request("POST", f"https://{host}/api/nginx-usage", headers=client.bearer, json=RECORD)
    assert (answer.status_code, answer.headers["x-nimnetcheck-label"]) == (200, "inferred")


@pytest.mark.parametrize("host", [CONNECT, NIM])
def test_without_token_it_is_refused(client: Client, host: str) -> None:
    assert client.request("POST", f"https://{host}/api/nginx-usage", json=RECORD).status_code == 401


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_every_documented_field_is_needed(client: Client, field: str) -> None:
    record = {name: value for name, value in RECORD.items() if name != field}
    answer = client.request("POST", f"https://{CONNECT}/api/nginx-usage", headers=client.bearer, json=record)
    assert (answer.status_code, answer.json()["message"]) == (400, f"missing: {field}")


@pytest.mark.parametrize(("body", "status"), [(b"[", 400), (b"[]", 400), (b"[" * 5000, 400), (bytes(2 << 20), 413)])
def test_what_is_no_record_is_refused(client: Client, body: bytes, status: int) -> None:
    answer = client.request("POST", f"https://{CONNECT}/api/nginx-usage", headers=client.bearer, content=body)
    assert answer.status_code == status
