"""product.apis.f5.com: bulk reports of disconnected sites, their status and acknowledgement, and the signing keys."""

from __future__ import annotations

import io
import uuid
import zipfile
from typing import TYPE_CHECKING

from starlette.formparsers import MultiPartException
from starlette.responses import JSONResponse, PlainTextResponse, Response

from nimnetcheck.emulator.routes import Route, form_closing, refusal
from nimnetcheck.model import Label

if TYPE_CHECKING:
    from starlette.requests import Request

    from nimnetcheck.emulator.authority import Authority
    from nimnetcheck.emulator.faults import Faults

HOST = "product.apis.f5.com"
BASE = "/ee/v1/entitlements/telemetry/bulk"
SCRIPT = "the vendor's page and script for disconnected reporting"
PROGRESS = (0, 50, 100)  # per cent, one for each time the status is asked


class Teem:
    """The bulk reports that were taken, and how often each was asked about."""

    def __init__(self, authority: Authority, faults: Faults) -> None:
        self.authority, self.faults = authority, faults
        self.reports: dict[str, int] = {}

    def routes(self) -> tuple[Route, ...]:
        """What the host understands."""
        return (
            Route("GET", "/", self.root, Label.DOCUMENTED, "any answer shows that it is reachable"),
            Route("POST", BASE, self.upload, Label.DOCUMENTED, SCRIPT),
            Route("GET", BASE + "/status/{report_id}", self.status, Label.DOCUMENTED, SCRIPT),
            Route("GET", BASE + "/download/{report_id}", self.download, Label.DOCUMENTED, SCRIPT),
            Route("GET", "/ee/v1/keys/jwks", self.keys, Label.PUBLIC_CODE, "the jku of published tokens"),
        )

    async def root(self, _: Request) -> Response:
        """Say that something is there."""
        return PlainTextResponse("product.apis.f5.com, emulated by nimnetcheck\n")

    async def keys(self, _: Request) -> Response:
        """The public key of the emulator's licences."""
        return JSONResponse(self.authority.jwks())

    async def upload(self, request: Request) -> Response:
        """Take one zip in a part named `file`: 202 with the status link."""
        refused = self._unauthorized(request) or self.faults.status("bulk")
        if refused:
            return refused
        if not request.headers.get("content-type", "").startswith("multipart/form-data"):
            return refusal(415, "send multipart/form-data with one part named file")
        try:
            form = await request.form(max_files=1)
        except MultiPartException as error:
            return refusal(400, str(error))
        async with form_closing(form):
            part = form.get("file")
            if part is None or isinstance(part, str):
                return refusal(400, "no part named file")
            if not zipfile.is_zipfile(part.file):
                return refusal(400, "the part named file is no zip")
        return self._accepted()

    def _accepted(self) -> Response:
        report_id = str(uuid.uuid4())
        self.reports[report_id] = 0
        if self.faults.has("bulk-not-json"):
            return PlainTextResponse("accepted", status_code=202)
        if self.faults.has("status-no-link"):
            return JSONResponse({}, status_code=202)
        prefix = BASE if self.faults.has("status-absolute-link") else ""
        return JSONResponse({"statusLink": f"{prefix}/status/{report_id}"}, status_code=202)

    async def status(self, request: Request) -> Response:
        """How far a report has come: one step further each time it is asked."""
        report_id = request.path_params["report_id"]
        refused = self._unauthorized(request) or self._unknown(report_id)
        if refused:
            return refused
        asked = self.reports[report_id]
        self.reports[report_id] = asked + 1
        complete = 50 if self.faults.has("status-stuck") else PROGRESS[min(asked, len(PROGRESS) - 1)]
        done = complete == PROGRESS[-1]
        successful = 0 if self.faults.has("status-unsuccessful") else complete
        link = f"{BASE}/download/{report_id}" if done else ""
        return JSONResponse(
            {
                "percentageComplete": complete,
                "percentageSuccessful": successful,
                "readyForDownload": done,
                "downloadLink": link,
            }
        )

    async def download(self, request: Request) -> Response:
        """The acknowledgement of a report that is done."""
        report_id = request.path_params["report_id"]
        refused = self._unauthorized(request) or self._unknown(report_id)
        if refused:
            return refused
        if self.reports[report_id] < len(PROGRESS):
            return refusal(404, "not ready")
        body = acknowledgement(report_id)
        if self.faults.has("ack-truncated"):
            body = body[: len(body) // 2]
        return Response(body, media_type="application/zip")

    def _unauthorized(self, request: Request) -> Response | None:
        if self.authority.accepts(request.headers.get("authorization", "")):
            return None
        return refusal(401, "a Bearer token of the subscription is needed")

    def _unknown(self, report_id: str) -> Response | None:
        return None if report_id in self.reports else refusal(404, "no such report")


def acknowledgement(report_id: str) -> bytes:
    """A zip that stands for the signed acknowledgement, whose real contents are published nowhere."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("emulated-acknowledgement.txt", f"emulated by nimnetcheck for report {report_id}\n")
    return file.getvalue()
