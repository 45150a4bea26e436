"""Reports are handed out in both generations' forms, and what comes back is looked at."""

from __future__ import annotations

import io
import time
import zipfile
from itertools import islice
from typing import TYPE_CHECKING, Any

from nimnetcheck.emulator import CONNECTED
from nimnetcheck.emulator.nim import HOST
from nimnetcheck.submission.usage import records
from tests.emulator.nim.client import add_licence, ask, nim

if TYPE_CHECKING:
    from tests.emulator.client import Client

ZIP = "/report/download?format=zip"


def test_a_report_needs_a_licence_up_to_2_21_alone() -> None:
    with nim(nim_version="2.21.0") as client:
        assert ask(client, "GET", ZIP).status_code == 400
        add_licence(client)
        assert zipfile.is_zipfile(io.BytesIO(ask(client, "GET", ZIP).content))
    with nim(nim_version="2.22.0") as client:
        assert ask(client, "GET", ZIP).status_code == 200


def test_it_is_prepared_and_fetched_or_fetched_at_once() -> None:
    asked = f"{ZIP}&reportType=telemetry&telemetryAction="
    with nim() as client:
        add_licence(client)
        assert ask(client, "GET", asked + "download").status_code == 404
        assert ask(client, "GET", asked + "prepare").json() == {"telemetry": "Report generation in progress"}
        assert zipfile.is_zipfile(io.BytesIO(ask(client, "GET", asked + "download").content))
        assert ask(client, "GET", "/report/download").status_code == 400


def test_a_slow_report_is_there_after_some_tries() -> None:
    with nim(faults=["nim-slow-report:2"], nim_version="2.22.0") as client:
        assert [ask(client, "GET", ZIP).status_code for _ in range(3)] == [404, 404, 200]


def test_from_2_22_an_export_holds_tokens_and_usage_two_levels_deep() -> None:
    with nim(nim_version="2.22.0", instances=3) as client:
        content = ask(client, "GET", ZIP).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
    assert all(name.count("/") == 2 for name in names)
    assert any(name.endswith("/jwt.txt") for name in names)
    assert any(name.rpartition("/")[2].startswith("usage") and name.endswith(".gzip") for name in names)


def test_it_is_licensed_once_the_acknowledgement_is_back(report: bytes) -> None:
    with nim() as client:
        assert ask(client, "GET", "/modules/licensed").json() == {"licensed": False}
        assert ask(client, "POST", "/report/upload", files={"file": b"no zip"}).status_code == 400
        assert ask(client, "POST", "/report/upload", content=report).status_code == 415
        answer = ask(client, "POST", "/report/upload", files={"file": report})
        assert answer.json() == {"message": "Report uploaded successfully."}
        assert ask(client, "GET", "/modules/licensed").json() == {"licensed": True}


def test_a_connected_2_22_passes_an_instances_report_on_and_a_disconnected_one_keeps_it() -> None:
    record: Any = next(islice(records(1), 1))
    for mode, passed in ((CONNECTED, 1), ("DISCONNECTED", 0)):
        with nim(nim_version="2.22.0", nim_mode=mode) as client:
            url = f"https://{HOST}/api/nginx-usage"
            assert client.request("POST", url, headers=client.bearer, json=record).status_code == 200
            until = time.monotonic() + (5 if passed else 0.4)
            while time.monotonic() < until and not batches(client):
                time.sleep(0.01)
            assert batches(client) == passed


def batches(client: Client) -> int:
    """How many have arrived at the vendor."""
    return len([arrival for arrival in client.vendor.requests if arrival.place == "batch"])
