"""What a connected NIM up to 2.21 speaks to: its report on product.apis.f5.com, and product-s.apis.f5.com.

Nothing of it is published for NIM. Clients of other F5 products, which use the same hosts and the same token, do this.
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

from cryptography import x509
from starlette.responses import JSONResponse, PlainTextResponse, Response

from nimnetcheck import net
from nimnetcheck.emulator.connection import connection_of
from nimnetcheck.emulator.refusal import refusal, unauthorized
from nimnetcheck.emulator.routes import Route
from nimnetcheck.model import Label

if TYPE_CHECKING:
    from starlette.requests import Request

    from nimnetcheck.emulator.authority import Authority
    from nimnetcheck.emulator.faults import Faults
    from nimnetcheck.emulator.routes import Handler

HOST = "product-s.apis.f5.com"
MANIFEST_BYTES = 16 << 10
OTHERS = "clients of other F5 products"
PAGE = "the vendor's page names host and path; what it answers is not published"


class Entitlements:
    """Manifests for reports, certificates for devices, and the host that wants one."""

    def __init__(self, authority: Authority, faults: Faults) -> None:
        self.authority, self.faults = authority, faults

    def on_product(self) -> tuple[Route, ...]:
        """What product.apis.f5.com understands of it."""
        return (
            Route("POST", "/ee/v1/entitlements/telemetry", self.manifest, Label.PUBLIC_CODE, OTHERS, "manifest"),
            Route("POST", "/ee/v1/certificates", self.certificate, Label.INFERRED, "its path is public, its form ours"),
        )

    def on_product_s(self) -> tuple[Route, ...]:
        """What product-s.apis.f5.com understands: it is there, and wants a client certificate under a fault."""
        return (
            Route("GET", "/", self._guarded(_answer), Label.INFERRED, PAGE, "entitlements"),
            Route("GET", "/ee", self._guarded(_answer), Label.INFERRED, PAGE, "entitlements"),
            Route("GET", "/ee/v1", self._guarded(_answer), Label.PUBLIC_CODE, OTHERS, "entitlements"),
        )

    def _guarded(self, handle: Handler) -> Handler:
        async def guarded(request: Request) -> Response:
            if self.faults.has("mtls-400") and not connection_of(request.scope).shows_certificate:
                return refusal(400, "No required SSL certificate was sent")
            return await handle(request)

        return guarded

    async def manifest(self, request: Request) -> Response:
        """Answer a device's signed report with a manifest; both are opaque, and ours is made up."""
        given = request.headers.get("authorization", "")
        if not self.authority.accepts(given):
            return unauthorized(given)
        if not _is_uuid(request.headers.get("f5-digitalassetid", "")):
            return refusal(400, "F5-DigitalAssetId is missing or no UUID")
        try:
            report = json.loads(await request.body())["report"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return refusal(400, "no report in the body")
        if not isinstance(report, str) or not report:
            return refusal(400, "no report in the body")
        return JSONResponse({"manifest": "emulated-by-nimnetcheck." + "A" * MANIFEST_BYTES})

    async def certificate(self, request: Request) -> Response:
        """A device certificate for a PKCS #10 request in PEM."""
        given = request.headers.get("authorization", "")
        if not self.authority.accepts(given):
            return unauthorized(given)
        try:
            wanted = x509.load_pem_x509_csr(await request.body())
        except ValueError:
            return refusal(400, "the body is no certificate request in PEM")
        if not wanted.is_signature_valid:
            return refusal(400, "the request is not signed by its own key")
        return Response(self.authority.sign(wanted, net.utc_now()), media_type="application/x-pem-file")


async def _answer(_: Request) -> Response:
    return PlainTextResponse("product-s.apis.f5.com, emulated by nimnetcheck\n")


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False
