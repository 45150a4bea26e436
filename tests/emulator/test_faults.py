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
from nimnetcheck.emulator.faults import FAULTS, OTHERS, STATUSES, Faults
from nimnetcheck.emulator.nim import BASE as NIM_BASE
from nimnetcheck.emulator.nim import HOST as NIM
from nimnetcheck.emulator.teem import BASE as BULK
from nimnetcheck.emulator.teem import HOST as TEEM
from nimnetcheck.errors import InputError
from tests.emulator.client import Client, client_of


def ask(client: Client, what: str, report: bytes) -> httpx.Response:
    if what == "bulk":
        return client.request("POST", f"https://{TEEM}{BULK}", headers=client.bearer, files={"file": report})
    if what == "batch":
        headers = {**client.bearer, "Content-Type": "application/gzip"}
        url = f"https://{CONNECT}/api/nginx-usage/batch"
        return client.request("POST", url, headers=headers, content=gzip.compress(b"{}"))
    auth = (client.vendor.username, client.vendor.password)
    return client.request("GET", f"https://{NIM}{NIM_BASE}/report/device_mode", auth=auth)


def with_fault(name: str, what: str, report: bytes) -> httpx.Response:
    with running(faults=[name]) as vendor, client_of(vendor) as http:
        return ask(Client(vendor, http), what, report)


@pytest.mark.parametrize("name", [f"{what}-{code}" for what, codes in STATUSES.items() for code in codes])
def test_a_status_fault_gives_its_status(name: str, report: bytes) -> None:
    what, _, code = name.rpartition("-")
    assert with_fault(name, what, report).status_code == int(code)


def test_an_unknown_fault_is_refused() -> None:
    with pytest.raises(InputError, match="no fault 'nonsense'"):
        Faults(names=frozenset({"nonsense"}))


def test_every_fault_is_described() -> None:
    assert all(FAULTS.values())
    assert set(OTHERS) < set(FAULTS)


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
