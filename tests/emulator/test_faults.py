"""Each fault does what its name says, and nothing else goes wrong with it."""

from __future__ import annotations

import gzip
import io
import uuid
import zipfile

import httpx
import pytest

from nimnetcheck.emulator import HOSTS, running
from nimnetcheck.emulator.connect import HOST as CONNECT
from nimnetcheck.emulator.entitlements import HOST as ENTITLEMENTS
from nimnetcheck.emulator.faults import BETWEEN, FAULTS, LASTING, PLACES, STATUSES, Faults
from nimnetcheck.emulator.nim import BASE as NIM_BASE
from nimnetcheck.emulator.nim import HOST as NIM
from nimnetcheck.emulator.teem import BASE as BULK
from nimnetcheck.emulator.teem import HOST as TEEM
from nimnetcheck.errors import InputError
from tests.emulator.client import Client, client_of

OTHERS = {
    "status": ("GET", f"https://{TEEM}{BULK}/status/{uuid.uuid4()}"),
    "ack": ("GET", f"https://{TEEM}{BULK}/download/{uuid.uuid4()}"),
    "manifest": ("POST", f"https://{TEEM}/ee/v1/entitlements/telemetry"),
    "entitlements": ("GET", f"https://{ENTITLEMENTS}/ee"),
    "usage": ("POST", f"https://{CONNECT}/api/nginx-usage"),
    "relay": ("POST", f"https://{NIM}/api/nginx-usage"),
}


def ask(client: Client, what: str, report: bytes) -> httpx.Response:
    if what == "bulk":
        return client.request("POST", f"https://{TEEM}{BULK}", headers=client.bearer, files={"file": report})
    if what == "batch":
        headers = {**client.bearer, "Content-Type": "application/gzip"}
        url = f"https://{CONNECT}/api/nginx-usage/batch"
        return client.request("POST", url, headers=headers, content=gzip.compress(b"{}"))
    if what in OTHERS:
        return client.request(*OTHERS[what], headers=client.bearer)
    auth = (client.vendor.username, client.vendor.password)
    return client.request("GET", f"https://{NIM}{NIM_BASE}/report/device_mode", auth=auth)


def with_fault(name: str, what: str, report: bytes) -> httpx.Response:
    with running(faults=[name]) as vendor, client_of(vendor) as http:
        return ask(Client(vendor, http), what, report)


@pytest.mark.parametrize("name", [f"{what}-{code}" for what, codes in STATUSES.items() for code in codes])
def test_a_status_fault_gives_its_status(name: str, report: bytes) -> None:
    what, _, code = name.rpartition("-")
    assert with_fault(name, what, report).status_code == int(code)


@pytest.mark.parametrize(
    "text", ["nonsense", "batch-503:", "batch-503:0", "batch-503:x", "batch-503:99999", "mtls-400:2"]
)
def test_what_is_no_fault_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        Faults([text])


def test_a_limited_fault_is_used_up() -> None:
    faults = Faults(["block-page:2", "redirect-portal"])
    assert [faults.strikes("block-page") for _ in range(3)] == [True, True, False]
    assert all(faults.strikes("redirect-portal") for _ in range(3))
    assert not faults.strikes("batch-503")


def test_every_fault_is_described_and_names_a_place() -> None:
    assert all(FAULTS.values())
    named = {name for name in FAULTS if name.rpartition("-")[0] in PLACES or name.split("-")[0] in PLACES}
    assert set(FAULTS) - named == {*BETWEEN, *LASTING}


def test_faults_of_the_upload(report: bytes) -> None:
    assert with_fault("bulk-not-json", "bulk", report).headers["content-type"].startswith("text/plain")
    assert with_fault("status-no-link", "bulk", report).json() == {}
    assert with_fault("status-absolute-link", "bulk", report).json()["statusLink"].startswith(BULK)


@pytest.mark.parametrize(
    ("name", "complete", "successful"), [("status-stuck", 50, 50), ("status-unsuccessful", 100, 0)]
)
def test_faults_of_the_status(name: str, complete: int, successful: int, report: bytes) -> None:
    with running(faults=[name]) as vendor, client_of(vendor) as http:
        client = Client(vendor, http)
        report_id = str(uuid.UUID(ask(client, "bulk", report).json()["statusLink"].rpartition("/")[2]))
        url = f"https://{TEEM}{BULK}/status/{report_id}"
        last = [client.request("GET", url, headers=client.bearer).json() for _ in range(4)][-1]
    assert (last["percentageComplete"], last["percentageSuccessful"]) == (complete, successful)


def test_a_truncated_acknowledgement_is_no_zip(report: bytes) -> None:
    with running(faults=["ack-truncated"]) as vendor, client_of(vendor) as http:
        client = Client(vendor, http)
        report_id = ask(client, "bulk", report).json()["statusLink"].rpartition("/")[2]
        for _ in range(3):
            client.request("GET", f"https://{TEEM}{BULK}/status/{report_id}", headers=client.bearer)
        answer = client.request("GET", f"https://{TEEM}{BULK}/download/{report_id}", headers=client.bearer)
    assert answer.status_code == 200
    assert not zipfile.is_zipfile(io.BytesIO(answer.content))


def test_faults_of_nim(report: bytes) -> None:
    assert with_fault("nim-connected-mode", "nim", report).json() == {"device_mode": "CONNECTED"}
    with running(faults=["nim-already-registered"]) as vendor, client_of(vendor) as http:
        client = Client(vendor, http)
        body = {"desiredState": {"content": vendor.licence}}
        auth = (vendor.username, vendor.password)
        answer = client.request("POST", f"https://{NIM}{NIM_BASE}/license", json=body, auth=auth)
    assert "already registered" in answer.json()["message"]


@pytest.mark.parametrize(("name", "status"), [("block-page", 200), ("redirect-portal", 302)])
def test_a_middlebox_answers_for_the_vendor_and_not_for_nim(name: str, status: int, report: bytes) -> None:
    with running(faults=[name]) as vendor, client_of(vendor) as http:
        client = Client(vendor, http)
        for host in set(HOSTS) - {NIM}:
            answer = client.request("GET", f"https://{host}/")
            assert answer.status_code == status
            assert "x-nimnetcheck-label" not in answer.headers
        assert ask(client, "nim", report).json() == {"device_mode": "DISCONNECTED"}


@pytest.mark.parametrize(
    ("name", "words"), [("untrusted-ca", "unable to get local issuer"), ("expired-certificate", "expired")]
)
def test_certificate_faults_strike_the_vendor_and_not_nim(name: str, words: str, report: bytes) -> None:
    with running(faults=[name]) as vendor, client_of(vendor) as http:
        client = Client(vendor, http)
        with pytest.raises(httpx.ConnectError, match=words):
            client.request("GET", f"https://{TEEM}/")
        assert ask(client, "nim", report).status_code == 200
