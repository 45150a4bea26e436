"""The alert comes for the one name, as bytes that OpenSSL reads as an alert, and for no other."""

from __future__ import annotations

import socket
import ssl

import pytest

from nimnetcheck.emulator import running


def test_only_the_one_name_gets_the_alert() -> None:
    with running(faults=["mtls-alert"]) as vendor:
        context = ssl.create_default_context(cadata=vendor.ca_pem.decode())
        with (
            socket.create_connection(vendor.web, 5) as raw,
            pytest.raises(ssl.SSLError, match="ALERT_HANDSHAKE_FAILURE"),
        ):
            context.wrap_socket(raw, server_hostname="product-s.apis.f5.com")
        with socket.create_connection(vendor.web, 5) as raw:
            context.wrap_socket(raw, server_hostname="product.apis.f5.com").close()
