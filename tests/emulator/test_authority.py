"""What the throw-away authority signs is trusted through it alone, and shows nothing of itself."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from nimnetcheck.emulator.authority import Authority

NOW = datetime(2026, 11, 24, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def test_its_own_licence_is_accepted_and_no_other(authority: Authority) -> None:
    licence = authority.licence(NOW, timedelta(days=365))
    assert authority.accepts(f"Bearer {licence}")
    assert not Authority(key=rsa.generate_private_key(65537, 2048)).accepts(f"Bearer {licence}")
    head, _, signature = licence.rpartition(".")
    assert not authority.accepts(f"Bearer {head}.{signature[::-1]}")


@pytest.mark.parametrize("header", ["", "Bearer", "bearer x.y.z", "Basic x", "Bearer " + "a" * 100_000, "Bearer \x00"])
def test_nonsense_is_refused(authority: Authority, header: str) -> None:
    assert not authority.accepts(header)


def test_the_published_key_has_a_certificate_for_itself(authority: Authority) -> None:
    key: Any = authority.jwks(NOW)
    certificate = x509.load_der_x509_certificate(base64.b64decode(key["keys"][0]["x5c"][0]))
    assert certificate.public_key() == authority.key.public_key()
    assert certificate.not_valid_after_utc > NOW


def test_no_key_is_shown(authority: Authority) -> None:
    assert "RSA" not in repr(authority)
    assert b"PRIVATE" not in authority.ca_pem
