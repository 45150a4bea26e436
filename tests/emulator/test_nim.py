"""A NIM that behaves as its pages say, in both generations."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from nimnetcheck.emulator import running
from nimnetcheck.emulator.nim import BASE, HOST, MAX_BODY
from tests.emulator.client import Client, client_of

if TYPE_CHECKING:
    from collections.abc import Iterator

URL = f"https://{HOST}{BASE}"


def ask(client: Client, method: str, path: str, **given: Any) -> Any:  # noqa: ANN401 (an httpx response)
    auth = (client.vendor.username, client.vendor.password)
    return client.request(method, URL + path, auth=auth, **given)


@pytest.fixture
def raw() -> Iterator[Client]:
    with running(nim_version="2.22.0", instances=3) as vendor, client_of(vendor) as http:
        yield Client(vendor, http)


def test_a_licence_is_registered_step_by_step(client: Client) -> None:
    body = {"metadata": {"name": "license"}, "desiredState": {"content": client.vendor.licence}}
    assert ask(client, "POST", "/license?telemetry=true", json=body).status_code == 202
    states = [
        ask(client, "GET", "/license").json()["currentStatus"]["state"]["currentInstance"]["status"] for _ in range(4)
    ]
    assert states[1:] == ["INITIALIZE_ACTIVATION_COMPLETE", "CONFIG_REPORT_READY", "CONFIG_REPORT_READY"]


def test_it_is_licensed_once_the_acknowledgement_is_back(client: Client, report: bytes) -> None:
    assert ask(client, "GET", "/modules/licensed").json() == {"licensed": False}
    assert ask(client, "POST", "/report/upload", files={"file": b"no zip"}).status_code == 400
    assert ask(client, "POST", "/report/upload", content=report).status_code == 415
    answer = ask(client, "POST", "/report/upload", files={"file": report})
    assert answer.json() == {"message": "Report uploaded successfully."}
    assert ask(client, "GET", "/modules/licensed").json() == {"licensed": True}


def test_reports_are_zips_prepared_or_at_once(client: Client) -> None:
    assert zipfile.is_zipfile(io.BytesIO(ask(client, "GET", "/report/download?format=zip").content))
    asked = "/report/download?format=zip&reportType=telemetry&telemetryAction="
    assert ask(client, "GET", asked + "download").status_code == 404
    assert ask(client, "GET", asked + "prepare").json() == {"telemetry": "Report generation in progress"}
    assert zipfile.is_zipfile(io.BytesIO(ask(client, "GET", asked + "download").content))
    assert ask(client, "GET", "/report/download").status_code == 400


def test_from_2_22_an_export_holds_tokens_and_usage_two_levels_deep(raw: Client) -> None:
    assert ask(raw, "GET", "/modules/versions").json() == {"nim": "2.22.0"}
    content = ask(raw, "GET", "/report/download?format=zip").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
    assert all(name.count("/") == 2 for name in names)
    assert any(name.endswith("/jwt.txt") for name in names)
    assert any(name.rpartition("/")[2].startswith("usage") and name.endswith(".gzip") for name in names)


@pytest.mark.parametrize("auth", [None, ("admin", "wrong"), ("", "")])
def test_a_wrong_login_is_refused(client: Client, auth: tuple[str, str] | None) -> None:
    answer = client.request("GET", URL + "/modules/versions", auth=auth)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Basic realm="Nginx Management Suite"'


def test_what_breaks_the_contract_is_refused(client: Client) -> None:
    assert ask(client, "PUT", "/report/upload").status_code == 405
    assert ask(client, "POST", "/license", content=b"[").status_code == 400
    assert ask(client, "POST", "/license", json={"desiredState": {"content": "no JWT"}}).status_code == 400
    assert ask(client, "POST", "/report/upload", content=bytes(MAX_BODY + 1)).status_code == 413


def test_all_services_are_well(client: Client) -> None:
    assert ask(client, "GET", "/health").json()["status"] == "healthy"


def test_the_mode_is_disconnected(client: Client) -> None:
    assert ask(client, "GET", "/report/device_mode").json() == {"device_mode": "DISCONNECTED"}
