"""httpx, with each emulated name sent to where the emulator's dial plan says."""

from __future__ import annotations

import ssl
from ipaddress import ip_address
from typing import Any

import attrs
import httpx

from nimnetcheck.emulator import HOSTS, Vendor


@attrs.frozen
class Client:
    """httpx, with each name sent to where the emulator's dial plan says."""

    vendor: Vendor
    http: httpx.Client

    def request(self, method: str, url: str, **given: Any) -> httpx.Response:  # noqa: ANN401 (httpx's own options)
        """Ask for a URL of an emulated host."""
        asked = httpx.URL(url)
        first = HOSTS[asked.host][0] if asked.host in HOSTS else asked.host
        address, port = self.vendor.world.dial[ip_address(first), 443]
        headers = {"Host": asked.host, **given.pop("headers", {})}
        extensions = {"sni_hostname": asked.host} if asked.host in HOSTS else {}
        sent = asked.copy_with(host=str(address), port=port)
        return self.http.request(method, sent, headers=headers, extensions=extensions, **given)

    @property
    def bearer(self) -> dict[str, str]:
        """The header that carries the emulator's licence."""
        return {"Authorization": f"Bearer {self.vendor.licence}"}


def client_of(vendor: Vendor, *, http2: bool = False) -> httpx.Client:
    """A client that trusts the emulator's authority and nothing else."""
    return httpx.Client(verify=ssl.create_default_context(cadata=vendor.ca_pem.decode()), trust_env=False, http2=http2)
