"""Each name shows its own certificate, and a proxy that intercepts shows another authority's."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.emulator.certificates import interception
from nimnetcheck.emulator.nim import HOST as NIM
from nimnetcheck.emulator.teem import HOST as TEEM

if TYPE_CHECKING:
    from nimnetcheck.emulator import Vendor


def handshake(vendor: Vendor, name: str) -> ssl.SSLSocket:
    context = ssl.create_default_context(cadata=vendor.ca_pem.decode())
    context.set_alpn_protocols(["h2", "http/1.1"])
    return context.wrap_socket(socket.create_connection(vendor.web, 5), server_hostname=name)


@pytest.mark.parametrize("name", [NIM, TEEM])
def test_a_name_shows_its_own_certificate(vendor: Vendor, name: str) -> None:
    with handshake(vendor, name) as connection:
        shown = connection.getpeercert()
        assert shown is not None
        assert ("DNS", name) in shown["subjectAltName"]
        assert connection.selected_alpn_protocol() == "h2"


def test_a_name_that_is_not_emulated_has_none(vendor: Vendor) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(vendor, "other.example")


def test_each_interception_has_an_authority_of_its_own() -> None:
    assert interception() is not interception()
