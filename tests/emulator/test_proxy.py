"""The proxy opens tunnels to the emulated names, wants credentials where it says so, and refuses the rest."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING

import httpx
import pytest

from nimnetcheck.emulator import running
from nimnetcheck.emulator.connect import HOST

if TYPE_CHECKING:
    from nimnetcheck.emulator import Vendor
    from nimnetcheck.emulator.proxy import Forward


def through(
    vendor: Vendor, proxy: Forward, url: str = f"https://{HOST}/", *, authorization: str = ""
) -> httpx.Response:
    headers = {"Proxy-Authorization": authorization} if authorization else {}
    where = httpx.Proxy(f"http://{proxy.host}:{proxy.port}", headers=headers)
    context = ssl.create_default_context(cadata=vendor.ca_pem.decode())
    with httpx.Client(proxy=where, verify=context, trust_env=False) as client:
        return client.get(url)


def test_a_tunnel_leads_to_the_named_host(vendor: Vendor) -> None:
    assert through(vendor, vendor.proxy).headers["x-nimnetcheck-label"] == "inferred"
    assert vendor.proxy.asked[-1] == f"{HOST}:443"


def test_credentials_are_needed_where_they_are_asked_for(vendor: Vendor) -> None:
    guarded = vendor.guarded_proxy
    assert through(vendor, guarded, authorization=guarded.authorization).status_code == 200
    for wrong in ("", "Basic bm86bm8="):
        with pytest.raises(httpx.ProxyError, match="407"):
            through(vendor, guarded, authorization=wrong)


@pytest.mark.parametrize("url", ["https://elsewhere.example/", f"https://{HOST}:8443/"])
def test_no_other_host_and_no_other_port(vendor: Vendor, url: str) -> None:
    with pytest.raises(httpx.ProxyError, match="403"):
        through(vendor, vendor.proxy, url)


@pytest.mark.parametrize("code", ["407", "403", "502"])
def test_a_fault_is_the_answer_to_connect(code: str) -> None:
    with running(faults=[f"proxy-{code}"]) as vendor, pytest.raises(httpx.ProxyError, match=code):
        through(vendor, vendor.proxy)


def test_interception_shows_another_authority() -> None:
    with running(faults=["proxy-intercepts"]) as vendor:
        with pytest.raises(httpx.ConnectError, match="unable to get local issuer"):
            through(vendor, vendor.proxy)
        assert through(vendor, vendor.proxy, "https://nim.example/ui/").status_code == 200


@pytest.mark.parametrize(
    ("sent", "status"), [(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"405"), (b"\x16\x03\r\n\r\n", b"400")]
)
def test_what_is_no_connect_is_refused(vendor: Vendor, sent: bytes, status: bytes) -> None:
    with socket.create_connection((vendor.proxy.host, vendor.proxy.port), 5) as client:
        client.sendall(sent)
        assert client.recv(64).startswith(b"HTTP/1.1 " + status)
