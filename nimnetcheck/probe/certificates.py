"""Certificates as the other side shows them: whose, from whom, for which names, from when to when."""

from __future__ import annotations

import functools
import hashlib
import ssl
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.x509.oid import ExtensionOID, NameOID

from nimnetcheck.probe.attempt import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_CHAIN = 10
MAX_NAMES = 20
DER = 2  # _ssl.ENCODING_DER
# Proof that a public log took the certificate (RFC 6962, 3.3): browsers demand it, and no company's own has it.
LOGGED = ExtensionOID.PRECERT_SIGNED_CERTIFICATE_TIMESTAMPS

MAX_KEPT = 256
_kept: dict[str, bytes] = {}  # by fingerprint: what was described, for whoever hands it on whole


def presented(connection: ssl.SSLObject) -> tuple[bytes, ...]:
    """The chain in DER, leaf first, as it was sent; on Python 3.9 the leaf alone, which is all that it tells."""
    public = getattr(connection, "get_unverified_chain", None)  # 3.13 and later
    private = getattr(getattr(connection, "_sslobj", None), "get_unverified_chain", None)  # 3.10 and later
    if public:
        chain: Sequence[bytes] = public()
    elif private:
        chain = [certificate.public_bytes(DER) for certificate in private() or ()]
    else:
        leaf = connection.getpeercert(binary_form=True)
        chain = [leaf] if leaf else []
    return tuple(chain[:MAX_CHAIN])


def anchor(connection: ssl.SSLObject) -> bytes | None:
    """The authority that a verified chain ended at, in DER; on Python 3.9, which does not tell, None."""
    public = getattr(connection, "get_verified_chain", None)  # 3.13 and later
    private = getattr(getattr(connection, "_sslobj", None), "get_verified_chain", None)  # 3.10 and later
    if public:
        chain: Sequence[bytes] = public()
    else:
        chain = [one.public_bytes(DER) for one in private() or ()] if private else ()
    return chain[-1] if chain else None


@functools.lru_cache(maxsize=256)
def describe(der: bytes) -> dict[str, object]:
    """One certificate as JSON values; hostile bytes give their hash and the reason, never an exception."""
    fingerprint = hashlib.sha256(der).hexdigest()
    if len(_kept) < MAX_KEPT:
        _kept[fingerprint] = der
    try:
        certificate = x509.load_der_x509_certificate(der)
        return {
            "subject": printable(certificate.subject.rfc4514_string()),
            "issuer": printable(certificate.issuer.rfc4514_string()),
            "names": _names(certificate),
            "not_before": f"{certificate.not_valid_before_utc:%Y-%m-%dT%H:%M:%SZ}",
            "not_after": f"{certificate.not_valid_after_utc:%Y-%m-%dT%H:%M:%SZ}",
            "sha256": fingerprint,
            "self_issued": certificate.subject == certificate.issuer,
            "issued_by": _organisation(certificate.issuer),
            "logged": _has(certificate, LOGGED),
        }
    except (ValueError, x509.InvalidVersion) as error:
        return {"sha256": fingerprint, "unreadable": printable(str(error))}


def pem(fingerprint: str) -> str:
    """A certificate that this process described, by its SHA-256; empty for any other."""
    return ssl.DER_cert_to_PEM_cert(_kept[fingerprint]) if fingerprint in _kept else ""


def _organisation(name: x509.Name) -> str:
    """The organisation in a name; its common name where it has none."""
    for oid in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        for attribute in name.get_attributes_for_oid(oid):
            return printable(attribute.value)
    return ""


def _has(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> bool:
    try:
        certificate.extensions.get_extension_for_oid(oid)
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return False
    return True


def _names(certificate: x509.Certificate) -> list[str]:
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return []
    names = [*extension.value.get_values_for_type(x509.DNSName)]
    names += [str(address) for address in extension.value.get_values_for_type(x509.IPAddress)]
    return [printable(name) for name in names[:MAX_NAMES]]
