"""What a connected NIM speaks to answers as clients of other products see it, and no more is claimed."""

from __future__ import annotations

import ssl
import uuid
from typing import TYPE_CHECKING

import httpx
import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from nimnetcheck.emulator import Vendor, running
from nimnetcheck.emulator.entitlements import HOST
from nimnetcheck.emulator.teem import HOST as TEEM
from tests.emulator.client import Client, client_of

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = f"https://{TEEM}/ee/v1/entitlements/telemetry"
ASSET = {"F5-DigitalAssetId": str(uuid.uuid4())}
CERTIFICATES = f"https://{TEEM}/ee/v1/certificates"


def test_product_s_answers_as_inferred(client: Client) -> None:
    for path in ("/", "/ee"):
        answer = client.request("GET", f"https://{HOST}{path}")
        assert (answer.status_code, answer.headers["x-nimnetcheck-label"]) == (200, "inferred")


def test_a_report_is_answered_by_a_manifest(client: Client) -> None:
    answer = client.request("POST", MANIFEST, headers={**client.bearer, **ASSET}, json={"report": "blob"})
    assert answer.headers["x-nimnetcheck-label"] == "seen in public code"
    assert set(answer.json()) == {"manifest"}


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Authorization": ""}, {"report": "x"}, 401),
        ({"F5-DigitalAssetId": ""}, {"report": "x"}, 400),
        ({"F5-DigitalAssetId": "seven"}, {"report": "x"}, 400),
        ({}, {}, 400),
        ({}, {"report": 7}, 400),
        ({}, ["report"], 400),
    ],
)
def test_a_report_without_its_parts_is_refused(
    client: Client, headers: dict[str, str], body: object, status: int
) -> None:
    sent = {**client.bearer, **ASSET, **headers}
    assert client.request("POST", MANIFEST, headers=sent, json=body).status_code == status


def requested() -> tuple[bytes, bytes]:
    """A key and a request for its certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "device")])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    encoding = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*encoding), request.public_bytes(serialization.Encoding.PEM)


def showing(vendor: Vendor, pem: bytes, folder: Path) -> httpx.Client:
    file = folder / "client.pem"
    file.write_bytes(pem)
    context = ssl.create_default_context(cadata=vendor.ca_pem.decode())
    context.load_cert_chain(str(file))
    return httpx.Client(verify=context, trust_env=False)


def test_where_a_certificate_is_wanted_the_one_from_certificates_opens(tmp_path: Path) -> None:
    key, request = requested()
    with running(faults=["mtls-400"]) as vendor, client_of(vendor) as http:
        client = Client(vendor, http)
        assert client.request("GET", f"https://{HOST}/ee").status_code == 400
        assert client.request("GET", f"https://{TEEM}/").status_code == 200
        assert client.request("POST", CERTIFICATES, headers=client.bearer, content=b"no request").status_code == 400
        assert client.request("POST", CERTIFICATES, content=request).status_code == 401
        issued = client.request("POST", CERTIFICATES, headers=client.bearer, content=request).content
        with showing(vendor, key + issued, tmp_path) as known:
            assert Client(vendor, known).request("GET", f"https://{HOST}/ee").status_code == 200
        foreign = trustme.CA().issue_cert("device.example").private_key_and_cert_chain_pem.bytes()
        with showing(vendor, foreign, tmp_path) as stranger, pytest.raises(httpx.TransportError):
            Client(vendor, stranger).request("GET", f"https://{HOST}/ee")


def test_an_alert_on_product_s_leaves_the_other_hosts_alone() -> None:
    with running(faults=["mtls-alert"]) as vendor, client_of(vendor) as http:
        client = Client(vendor, http)
        with pytest.raises(httpx.ConnectError, match=r"(?i)handshake.failure"):
            client.request("GET", f"https://{HOST}/ee")
        assert client.request("GET", f"https://{TEEM}/").status_code == 200
