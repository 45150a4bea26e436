"""Handshakes made to hurt end in a failure that has a name, and nothing of them reaches the screen as it came."""

from __future__ import annotations

import struct
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from nimnetcheck import probe
from nimnetcheck.model import Failure, Observation, Rung, World
from nimnetcheck.probe import Options
from nimnetcheck.probe.controls import look_closer
from nimnetcheck.report import text
from nimnetcheck.report.style import Style
from nimnetcheck.run import Run

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence
    from pathlib import Path

    from nimnetcheck.model import Endpoint
    from tests.probe.conftest import Bench, Handler

HELLO = b"\x03\x03" + b"R" * 32 + b"\x00\xc0\x2f\x00\x00\x05\xff\x01\x00\x01\x00"  # a ServerHello of TLS 1.2
EVIL = "\x1b[2J\x1b]0;owned\x07evil\u202e"
QUICK = Options(timeout_s=1.0)


def record(kind: int, body: bytes) -> bytes:
    message = bytes([kind]) + len(body).to_bytes(3, "big") + body
    return b"\x16\x03\x03" + struct.pack("!H", len(message)) + message


def showing(certificate: bytes) -> Handler:
    """A server whose certificate is these bytes."""
    one = len(certificate).to_bytes(3, "big") + certificate
    answer = record(2, HELLO) + record(11, len(one).to_bytes(3, "big") + one)

    def handler(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(answer)
        connection.recv(65536)

    return handler


def look(endpoint: Endpoint, world: World) -> Sequence[Observation]:
    seen = probe.run([endpoint], world, QUICK)
    return (*seen, *look_closer([endpoint], seen, world, QUICK))


@pytest.mark.parametrize(
    "certificate",
    [b"", b"junk" * 10, b"\x30\x82\xff\xff" + b"\x00" * 50, b"\x30\x03\x02\x01\x01"],
    ids=["none", "no DER", "longer than it is", "no certificate"],
)
def test_a_malformed_certificate_has_its_name(bench: Bench, endpoint: Endpoint, certificate: bytes) -> None:
    seen = look(endpoint, bench.world(bench.listen(showing(certificate))))
    broken = next(one for one in seen if one.rung is Rung.TLS)
    assert broken.failure is Failure.TLS_MALFORMED
    assert [finding.code for finding in Run(command="probe").report(seen).findings] == ["tls.malformed"]


def hostile(folder: Path) -> tuple[str, str]:
    """A certificate whose every name steers a terminal, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(oid, EVIL) for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)])
    now = datetime.now(timezone.utc)
    built = (
        x509.CertificateBuilder(name, name, key.public_key(), 7, now - timedelta(days=1), now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("\x1b[31m.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "evil.pem", folder / "evil.key"
    certificate.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return str(certificate), str(secret)


def test_escapes_in_a_certificate_reach_no_screen(bench: Bench, endpoint: Endpoint, tmp_path: Path) -> None:
    class Evil:
        def configure_cert(self, context: object) -> None:
            context.load_cert_chain(*hostile(tmp_path))  # type: ignore[attr-defined]  # an SSLContext

    seen = look(endpoint, bench.world(bench.listen_tls(Evil(), bench.silent)))  # type: ignore[arg-type]  # as trustme's
    report = Run(command="probe").report(seen)
    assert [finding.code for finding in report.findings] == ["tls.self-signed"]
    shown = text.render(report, Style(verbose=2))
    assert "evil" in shown
    assert not any(character in shown for character in ("\x1b", "\x07", "\u202e"))
