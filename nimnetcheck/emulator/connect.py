"""product.connect.nginx.com: the batch endpoint of NIM 2.22 and later, and NGINX Plus's own reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response

from nimnetcheck.emulator.refusal import refusal, unauthorized
from nimnetcheck.emulator.routes import Route
from nimnetcheck.emulator.usage_report import take
from nimnetcheck.model import Label

if TYPE_CHECKING:
    from starlette.requests import Request

    from nimnetcheck.emulator.authority import Authority

HOST = "product.connect.nginx.com"
GZIP = b"\x1f\x8b"
SCRIPT = "the vendor's script for disconnected reporting from 2.22"
PATH = "that a POST is sent each hour is documented; its path and its headers are inferred from older releases"


class Connect:
    """What takes usage."""

    def __init__(self, authority: Authority) -> None:
        self.authority = authority

    def routes(self) -> tuple[Route, ...]:
        """What the host understands."""
        return (
            Route("GET", "/", self.root, Label.INFERRED, "something answers on a web server's root"),
            Route("POST", "/api/nginx-usage/batch", self.batch, Label.DOCUMENTED, SCRIPT, "batch"),
            Route("POST", "/api/nginx-usage", self.report, Label.INFERRED, PATH, "usage"),
        )

    async def root(self, _: Request) -> Response:
        """Say that something is there."""
        return PlainTextResponse("product.connect.nginx.com, emulated by nimnetcheck\n")

    async def batch(self, request: Request) -> Response:
        """Take one gzip of usage records with the Bearer token of its group."""
        given = request.headers.get("authorization", "")
        if not self.authority.accepts(given):
            return unauthorized(given)
        if request.headers.get("content-type") != "application/gzip":
            return refusal(415, "send application/gzip")
        magic = b""
        async for chunk in request.stream():
            magic = magic or chunk[: len(GZIP)]
        if magic != GZIP:
            return refusal(400, "the body is no gzip")
        return Response(status_code=200)

    async def report(self, request: Request) -> Response:
        """Take one instance's report; how a renewed licence would come back is published nowhere, so none does."""
        record = await take(request, self.authority)
        return record if isinstance(record, Response) else Response(status_code=200)
