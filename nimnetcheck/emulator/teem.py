"""product.apis.f5.com: bulk reports of disconnected sites, their status and acknowledgement, and the signing keys."""

from __future__ import annotations

import io
import uuid
import zipfile
from typing import TYPE_CHECKING

import attrs
from starlette.formparsers import MultiPartException
from starlette.responses import JSONResponse, PlainTextResponse, Response

from nimnetcheck import net
from nimnetcheck.emulator.refusal import refusal, unauthorized
from nimnetcheck.emulator.routes import Route, form_closing
from nimnetcheck.model import Label

if TYPE_CHECKING:
    from starlette.requests import Request

    from nimnetcheck.emulator.authority import Authority
    from nimnetcheck.emulator.faults import Faults

HOST = "product.apis.f5.com"
BASE = "/ee/v1/entitlements/telemetry/bulk"
SCRIPT = "the vendor's page and script for disconnected reporting"
PROGRESS = (0, 50, 100)  # per cent, one for each time the status is asked
SETTLED_S = 2.0  # after which a report is done, however often it was asked about: the vendor's script asks once


@attrs.define
class Report:
    """One bulk report: when it was taken, and how often it was asked about."""

    taken_s: float
    asked: int = 0


class Teem:
    """The bulk reports that were taken."""

    def __init__(self, authority: Authority, faults: Faults) -> None:
        self.authority, self.faults = authority, faults
        self.reports: dict[str, Report] = {}

    def routes(self) -> tuple[Route, ...]:
        """What the host understands; the vendor's script pastes a whole relative link where the id belongs."""
        return (
            Route("GET", "/", self.root, Label.DOCUMENTED, "any answer shows that it is reachable"),
            Route("POST", BASE, self.upload, Label.DOCUMENTED, SCRIPT, "bulk"),
            Route("GET", BASE + "/status/{report_id:path}", self.status, Label.DOCUMENTED, SCRIPT, "status"),
            Route("GET", BASE + "/download/{report_id:path}", self.download, Label.DOCUMENTED, SCRIPT, "ack"),
            Route("GET", "/ee/v1/keys/jwks", self.keys, Label.PUBLIC_CODE, "the jku of published tokens"),
        )

    async def root(self, _: Request) -> Response:
        """Say that something is there."""
        return PlainTextResponse("product.apis.f5.com, emulated by nimnetcheck\n")

    async def keys(self, _: Request) -> Response:
        """The public key of the emulator's licences."""
        return JSONResponse(self.authority.jwks(net.utc_now()))

    async def upload(self, request: Request) -> Response:
        """Take one zip in a part named `file`: 202 with the status link."""
        refused = self._unauthorized(request)
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
        self.reports[report_id] = Report(net.monotonic())
        if self.faults.strikes("bulk-not-json"):
            return PlainTextResponse("accepted", status_code=202)
        if self.faults.strikes("status-no-link"):
            return JSONResponse({}, status_code=202)
        prefix = BASE if self.faults.strikes("status-absolute-link") else ""
        return JSONResponse({"statusLink": f"{prefix}/status/{report_id}"}, status_code=202)

    async def status(self, request: Request) -> Response:
        """How far a report has come: one step further each time it is asked."""
        refused = self._unauthorized(request) or self._unknown(request)
        if refused:
            return refused
        report_id = _id(request)
        complete = 50 if self.faults.strikes("status-stuck") else self._complete(self.reports[report_id])
        self.reports[report_id].asked += 1
        done = complete == PROGRESS[-1]
        return JSONResponse(
            {
                "percentageComplete": complete,
                "percentageSuccessful": 0 if self.faults.strikes("status-unsuccessful") else complete,
                "readyForDownload": done and not self.faults.strikes("status-not-ready"),
                "downloadLink": f"{BASE}/download/{report_id}" if done else "",
            }
        )

    def _complete(self, report: Report) -> int:
        if net.monotonic() - report.taken_s > SETTLED_S:
            return PROGRESS[-1]
        return PROGRESS[min(report.asked, len(PROGRESS) - 1)]

    async def download(self, request: Request) -> Response:
        """The acknowledgement of a report that is done."""
        refused = self._unauthorized(request) or self._unknown(request)
        if refused:
            return refused
        report_id = _id(request)
        if self._complete(self.reports[report_id]) < PROGRESS[-1]:
            return refusal(404, "not ready")
        body = acknowledgement(report_id)
        if self.faults.strikes("ack-truncated"):
            body = body[: len(body) // 2]
        return Response(b"" if self.faults.strikes("ack-empty") else body, media_type="application/zip")

    def _unauthorized(self, request: Request) -> Response | None:
        given = request.headers.get("authorization", "")
        return None if self.authority.accepts(given) else unauthorized(given)

    def _unknown(self, request: Request) -> Response | None:
        strict = "/" in request.path_params["report_id"] and self.faults.strikes("status-strict-path")
        return None if _id(request) in self.reports and not strict else refusal(404, "no such report")


def _id(request: Request) -> str:
    """The last segment: that the real host takes a relative link there is inferred from the vendor's script."""
    path: str = request.path_params["report_id"]
    return path.rpartition("/")[2]


def acknowledgement(report_id: str) -> bytes:
    """A zip that stands for the signed acknowledgement, whose real contents are published nowhere."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("emulated-acknowledgement.txt", f"emulated by nimnetcheck for report {report_id}\n")
    return file.getvalue()
