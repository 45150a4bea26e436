"""A chain as badly made inspectors send it: Python 3.13 by itself refuses it, the products take it, and so do we."""

from __future__ import annotations

import socket
import ssl
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from nimnetcheck import probe
from nimnetcheck.model import Outcome, Rung
from nimnetcheck.probe.trust import Trust

if TYPE_CHECKING:
    from pathlib import Path

    from nimnetcheck.model import Endpoint
    from tests.probe.conftest import Bench, Respond

HOST = "usage.example"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
NO_KEY_IDENTIFIER = 85  # X509_V_ERR_MISSING_AUTHORITY_KEY_IDENTIFIER
DAY = timedelta(days=1)


def certificate(name: str, key: ec.EllipticCurvePrivateKey, issuer: str, signer: ec.EllipticCurvePrivateKey) -> bytes:
    """One that does not say with which key it was signed."""
    now = datetime.now(timezone.utc)
    made = x509.CertificateBuilder(
        issuer_name=named(issuer),
        subject_name=named(name),
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - DAY,
        not_valid_after=now + DAY,
    )
    made = made.add_extension(x509.BasicConstraints(ca=name == issuer, path_length=None), critical=True)
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    return made.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def inspector(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server with such a chain, and the authority that it ends at."""
    root, leaf = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority, shown, key = folder / "root.pem", folder / "leaf.pem", folder / "leaf.key"
    authority.write_bytes(certificate("inspector.example", root, "inspector.example", root))
    shown.write_bytes(certificate(HOST, leaf, "inspector.example", root))
    pem, form, none = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    key.write_bytes(leaf.private_bytes(pem, form, none))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown, key)
    return context, authority


@pytest.mark.skipif(ssl.OPENSSL_VERSION_INFO < (3,), reason="OpenSSL 1.1.1 is not strict about this")
def test_it_is_taken_on_every_python(bench: Bench, respond: Respond, endpoint: Endpoint, tmp_path: Path) -> None:
    context, authority = inspector(tmp_path)
    answer = respond(OK)

    def handler(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            answer(secure)

    port = bench.listen(handler)
    seen = probe.run([endpoint], bench.world(port, ca_file=authority))
    assert [one.outcome for one in seen if one.rung is Rung.TLS] == [Outcome.PASSED]
    strict = Trust(authority).named
    strict.verify_flags |= ssl.VERIFY_X509_STRICT
    with (
        socket.create_connection(("127.0.0.1", port)) as plain,
        pytest.raises(
            ssl.SSLCertVerificationError  # else this chain shows nothing
        ) as raised,
    ):
        strict.wrap_socket(plain, server_hostname=HOST)
    assert raised.value.verify_code == NO_KEY_IDENTIFIER
