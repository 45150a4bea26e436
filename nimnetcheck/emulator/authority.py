"""A throw-away certificate authority, and the key that signs throw-away licences."""

from __future__ import annotations

import base64
import ssl
import uuid
from typing import TYPE_CHECKING

import attrs
import jwt
import trustme
from cryptography.hazmat.primitives.asymmetric import rsa

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

KEY_ID = "v1"  # as in every published token of F5's licensing service
JKU = "https://product.apis.f5.com/ee/v1/keys/jwks"
ALGORITHM = "RS512"
ALPN = ["h2", "http/1.1"]


@attrs.frozen(kw_only=True)
class Authority:
    """What signs on the emulated vendor's side; made anew for each run, and never written to disk but for its CA."""

    ca: trustme.CA = attrs.field(factory=trustme.CA, repr=False)
    key: rsa.RSAPrivateKey = attrs.field(factory=lambda: rsa.generate_private_key(65537, 2048), repr=False)

    @property
    def ca_pem(self) -> bytes:
        """The trust anchor that a client of the emulator needs."""
        return self.ca.cert_pem.bytes()

    def context(self, names: tuple[str, ...], *, not_after: datetime | None = None) -> ssl.SSLContext:
        """A server's TLS context with a certificate for these names."""
        certificate = self.ca.issue_cert(*names, not_after=not_after)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        certificate.configure_cert(context)
        context.set_alpn_protocols(ALPN)
        return context

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

    def jwks(self) -> Mapping[str, object]:
        """The public half, as the vendor publishes its own."""
        numbers = self.key.public_key().public_numbers()
        public = {name: _base64url(value) for name, value in (("n", numbers.n), ("e", numbers.e))}
        return {"keys": [{"kty": "RSA", "kid": KEY_ID, "use": "sig", "alg": ALGORITHM, **public}]}


def _base64url(number: int) -> str:
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
