"""A throw-away certificate authority, and the key that signs throw-away licences."""

from __future__ import annotations

import base64
import functools
import ssl
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import attrs
import jwt
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

KEY_ID = "v1"  # as in every published token of F5's licensing service
JKU = "https://product.apis.f5.com/ee/v1/keys/jwks"
ALGORITHM = "RS512"
ALPN = ("h2", "http/1.1")
YEAR = timedelta(days=365)


@functools.lru_cache(maxsize=1)
def _signing_key() -> rsa.RSAPrivateKey:
    """The key of this process's licences: making one takes longer than starting the emulator."""
    return rsa.generate_private_key(65537, 2048)


@attrs.frozen(kw_only=True)
class Authority:
    """What signs on the emulated vendor's side; made anew for each run, and never written to disk but for its CA."""

    ca: trustme.CA = attrs.field(factory=trustme.CA, repr=False)
    key: rsa.RSAPrivateKey = attrs.field(factory=_signing_key, repr=False)

    @property
    def ca_pem(self) -> bytes:
        """The trust anchor that a client of the emulator needs."""
        return self.ca.cert_pem.bytes()

    def context(
        self, names: tuple[str, ...], *, not_after: datetime | None = None, alpn: tuple[str, ...] = ALPN
    ) -> ssl.SSLContext:
        """A server's TLS context with a certificate for these names."""
        certificate = self.ca.issue_cert(*names, not_after=not_after)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        certificate.configure_cert(context)
        if alpn:
            context.set_alpn_protocols(list(alpn))
        return context

    def ask_for_certificate(self, context: ssl.SSLContext) -> None:
        """Have clients asked for a certificate of this authority; they may have none."""
        context.verify_mode = ssl.CERT_OPTIONAL
        context.load_verify_locations(cadata=self.ca_pem.decode("ascii"))

    def sign(self, request: x509.CertificateSigningRequest, now: datetime) -> bytes:
        """A client's certificate, in PEM, for the key that its request shows."""
        issuer = x509.load_pem_x509_certificate(self.ca_pem)
        key: Any = load_pem_private_key(self.ca.private_key_pem.bytes(), None)
        builder = x509.CertificateBuilder(issuer.subject, request.subject, request.public_key())
        own: Any = issuer.public_key()  # Python 3.13 verifies strictly: a certificate has to name its issuer's key
        builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(own), critical=False)
        valid = builder.serial_number(x509.random_serial_number()).not_valid_before(now - YEAR)
        return valid.not_valid_after(now + YEAR).sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)

    def licence(self, now: datetime, valid: timedelta) -> str:
        """A subscription token with the header and claims that public samples show; for the emulator alone."""
        claims = {
            "sub": "EMU-" + uuid.uuid4().hex[:8].upper(),
            "iat": int(now.timestamp()),
            "iss": "F5 Inc.",
            "aud": "urn:f5:teem",
            "jti": str(uuid.uuid4()),
            "f5_order_type": "eval",
            "f5_sat": int((now + valid).timestamp()),
        }
        return jwt.encode(claims, self.key, algorithm=ALGORITHM, headers={"kid": KEY_ID, "jku": JKU, "typ": "JWT"})

    def accepts(self, authorization: str) -> bool:
        """Whether an Authorization header carries a token of ours."""
        scheme, _, token = authorization.partition(" ")
        if scheme != "Bearer":
            return False
        try:
            jwt.decode(token.strip(), self.key.public_key(), algorithms=[ALGORITHM], audience="urn:f5:teem")
        except jwt.PyJWTError:
            return False
        return True

    def jwks(self, now: datetime) -> Mapping[str, object]:
        """The public half, as the vendor publishes its own: with a certificate for it."""
        numbers = self.key.public_key().public_numbers()
        public = {name: _base64url(value) for name, value in (("n", numbers.n), ("e", numbers.e))}
        chain = [base64.b64encode(self._key_certificate(now)).decode("ascii")]
        return {"keys": [{"kty": "RSA", "kid": KEY_ID, "use": "sig", "alg": ALGORITHM, **public, "x5c": chain}]}

    def _key_certificate(self, now: datetime) -> bytes:
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "JWT signing, emulated by nimnetcheck")])
        builder = x509.CertificateBuilder(name, name, self.key.public_key(), x509.random_serial_number())
        valid = builder.not_valid_before(now - YEAR).not_valid_after(now + YEAR)
        return valid.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)


def _base64url(number: int) -> str:
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
