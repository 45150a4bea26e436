"""The collector takes an export of the analogue, says how it went in the trailers, and answers anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nimnetcheck.emulator import otlp, running
from tests.emulator.client import Client, client_of

if TYPE_CHECKING:
    from nimnetcheck.emulator import Vendor

URL = f"https://159.60.126.5{otlp.PATH}"
HEADERS = {"Content-Type": otlp.CONTENT_TYPE, "TE": "trailers", "Host": "159.60.126.5"}


def export(vendor: Vendor, body: bytes, **headers: str) -> int:
    with client_of(vendor, http2=True) as http:
        client = Client(vendor, http)
        sent = {**HEADERS, **headers}
        address, port = next(iter(vendor.world.dial.values()))
        url = f"https://{address}:{port}{otlp.PATH}"
        answer = client.http.post(url, headers=sent, content=body, extensions={"sni_hostname": "collector.example"})
        assert answer.http_version == "HTTP/2"
        return answer.status_code


def test_a_point_is_taken_with_its_header_and_not_without(vendor: Vendor) -> None:
    body = otlp.export({"DataPoint": "Login"})
    before = len(vendor.points)
    assert export(vendor, body) == 200
    assert len(vendor.points) == before
    assert export(vendor, body, **{otlp.HEADER[0]: otlp.HEADER[1]}) == 200
    assert vendor.points[before:] == [{"DataPoint": "Login"}]


@pytest.mark.parametrize("fault", ["points-unavailable", "points-unauthenticated"])
def test_a_refused_point_is_not_kept(fault: str) -> None:
    with running(faults=[fault]) as vendor:
        export(vendor, otlp.export({"DataPoint": "Login"}), **{otlp.HEADER[0]: otlp.HEADER[1]})
        assert vendor.points == []
