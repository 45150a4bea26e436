"""An inspector's authority names its maker; a public authority and a company's own name nobody."""

from __future__ import annotations

import pytest

from nimnetcheck.probe.appliances import MAKERS, recognise


@pytest.mark.parametrize(
    ("issuer", "maker"),
    [
        ("CN=Zscaler Intermediate Root CA (zscaler.net),OU=Zscaler Inc.,O=Zscaler Inc.,C=US", "Zscaler"),
        ("CN=ca.acme.goskope.com,O=Acme,C=US", "Netskope"),
        ("CN=FG100FTK20000000,O=Fortinet,C=US", "Fortinet"),
        ("CN=mitmproxy,O=mitmproxy", "mitmproxy"),
        ("CN=Cisco Umbrella Secondary SubCA,O=Cisco", "Cisco"),
        ("CN=Sophos SSL CA_C01001,O=Sophos", "Sophos"),
        ("CN=DigiCert TLS RSA SHA256 2020 CA1,O=DigiCert Inc,C=US", None),
        ("CN=Entrust Certification Authority - L1K,O=Entrust\\, Inc.,C=US", None),
        ("CN=Acme Corporate Root,O=Acme", None),
        ("CN=WE1,O=Google Trust Services,C=US", None),
    ],
)
def test_makers(issuer: str, maker: str | None) -> None:
    assert recognise(issuer) == maker


def test_marks_are_written_as_they_are_compared() -> None:
    assert all(mark == mark.lower() for marks in MAKERS.values() for mark in marks)
