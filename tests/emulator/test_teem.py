"""product.apis.f5.com keeps the documented contract, and refuses what breaks it."""

from __future__ import annotations

import io
import uuid
import zipfile
from typing import TYPE_CHECKING, Any

import jwt
import pytest

from nimnetcheck.emulator import teem
from nimnetcheck.emulator.teem import BASE, HOST

if TYPE_CHECKING:
    from tests.emulator.client import Client

BULK = f"https://{HOST}{BASE}"


def upload(client: Client, report: bytes, **given: Any) -> Any:  # noqa: ANN401 (an httpx response)
    files = {"file": ("response.zip", report, "application/octet-stream")}
    return client.request("POST", BULK, headers=client.bearer, files=files, **given)


def test_a_report_is_taken_processed_and_acknowledged(client: Client, report: bytes) -> None:
    taken = upload(client, report)
    assert taken.status_code == 202
    link = taken.json()["statusLink"]
    assert link.startswith("/status/")
    report_id = str(uuid.UUID(link.rpartition("/")[2]))
    seen = [
        client.request("GET", f"{BULK}/status/{report_id}", headers=client.bearer).json()["percentageComplete"]
        for _ in range(4)
    ]
    assert seen == [0, 50, 100, 100]
    answer = client.request("GET", f"{BULK}/download/{report_id}", headers=client.bearer)
    assert zipfile.is_zipfile(io.BytesIO(answer.content))
    assert answer.headers["x-nimnetcheck-label"] == "documented"


@pytest.mark.parametrize("authorization", [None, "Bearer nonsense", "Basic YTpi", "Bearer"])
def test_a_missing_or_wrong_token_is_refused(client: Client, report: bytes, authorization: str | None) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    answer = client.request("POST", BULK, headers=headers, files={"file": report})
    assert answer.status_code == 401


def test_a_token_of_another_key_is_refused(client: Client, report: bytes) -> None:
    forged = jwt.encode({"aud": "urn:f5:teem"}, "x" * 64, algorithm="HS512")
    headers = {"Authorization": f"Bearer {forged}"}
    assert client.request("POST", BULK, headers=headers, files={"file": report}).status_code == 401


def test_wrong_method_content_type_and_body_are_refused(client: Client, report: bytes) -> None:
    assert client.request("PUT", BULK, headers=client.bearer).status_code == 405
    assert client.request("POST", BULK, headers=client.bearer, content=report).status_code == 415
    assert upload(client, b"no zip").status_code == 400
    assert client.request("POST", BULK, headers=client.bearer, files={"other": report}).status_code == 400
    broken = {**client.bearer, "Content-Type": "multipart/form-data"}
    assert client.request("POST", BULK, headers=broken, content=b"x").status_code == 400


def test_an_unknown_id_is_not_found(client: Client) -> None:
    for what in ("status", "download"):
        url = f"{BULK}/{what}/{uuid.uuid4()}"
        assert client.request("GET", url, headers=client.bearer).status_code == 404


def test_a_relative_link_pasted_where_the_id_belongs_leads_there_too(client: Client, report: bytes) -> None:
    """The vendor's script asks so, given the documented statusLink."""
    link = upload(client, report).json()["statusLink"]
    assert client.request("GET", f"{BULK}/status/{link}", headers=client.bearer).status_code == 200


def test_a_report_is_done_after_a_while_however_often_it_was_asked_about(
    client: Client, report: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    report_id = upload(client, report).json()["statusLink"].rpartition("/")[2]
    monkeypatch.setattr(teem, "SETTLED_S", 0.0)
    status = client.request("GET", f"{BULK}/status/{report_id}", headers=client.bearer).json()
    assert (status["percentageComplete"], status["readyForDownload"]) == (100, True)


def test_an_acknowledgement_is_not_there_before_its_time(client: Client, report: bytes) -> None:
    report_id = upload(client, report).json()["statusLink"].rpartition("/")[2]
    assert client.request("GET", f"{BULK}/download/{report_id}", headers=client.bearer).status_code == 404


def test_the_licence_verifies_with_the_published_key(client: Client) -> None:
    keys = jwt.PyJWKSet.from_dict(client.request("GET", f"https://{HOST}/ee/v1/keys/jwks").json())
    header = jwt.get_unverified_header(client.vendor.licence)
    assert header["jku"] == f"https://{HOST}/ee/v1/keys/jwks"
    claims = jwt.decode(client.vendor.licence, keys[header["kid"]].key, algorithms=["RS512"], audience="urn:f5:teem")
    assert claims["iss"] == "F5 Inc."
