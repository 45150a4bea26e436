"""Certificates described: names, dates, issuer; and hostile bytes, which raise nothing."""

from __future__ import annotations

import hashlib
import ssl
from datetime import datetime, timezone

import pytest
import trustme

from nimnetcheck.probe.certificates import describe


def der(certificate: trustme.LeafCert) -> bytes:
    return ssl.PEM_cert_to_DER_cert(certificate.cert_chain_pems[0].bytes().decode())


def test_a_certificate_as_json_values() -> None:
    start, end = (datetime(year, 1, 2, tzinfo=timezone.utc) for year in (2026, 2027))
    authority = trustme.CA(organization_name="Some Authority")
    leaf = der(authority.issue_cert("a.example", "192.0.2.1", not_before=start, not_after=end))
    shown = describe(leaf)
    assert shown["names"] == ["a.example", "192.0.2.1"]
    assert (shown["not_before"], shown["not_after"]) == ("2026-01-02T00:00:00Z", "2027-01-02T00:00:00Z")
    assert "Some Authority" in str(shown["issuer"])
    assert shown["sha256"] == hashlib.sha256(leaf).hexdigest()


@pytest.mark.parametrize("junk", [b"", b"\x30\x82", b"\x00" * 1000])
def test_hostile_bytes_are_described_too(junk: bytes) -> None:
    shown = describe(junk)
    assert "unreadable" in shown
    assert shown["sha256"] == hashlib.sha256(junk).hexdigest()


def test_names_cannot_steer_a_terminal() -> None:
    leaf = der(trustme.CA().issue_cert("a.example", common_name="\x1b[2Jevil", organization_name="\x07bell"))
    assert all(str(value).isprintable() for value in describe(leaf).values())
