"""A NIM with the part of its platform API that licensing and reporting use, disconnected, in its two generations."""

from __future__ import annotations

import base64
import binascii
import io
import json
import secrets
import zipfile
from typing import TYPE_CHECKING

from starlette.formparsers import MultiPartException
from starlette.responses import JSONResponse, Response

from nimnetcheck.emulator.routes import Route, form_closing, refusal
from nimnetcheck.model import Label
from nimnetcheck.submission.usage import write_export_2_22, write_report_2_21

if TYPE_CHECKING:
    from starlette.requests import Request

    from nimnetcheck.emulator.faults import Faults
    from nimnetcheck.emulator.routes import Handler

HOST = "nim.example"
BASE = "/api/platform/v1"
MAX_BODY = 50 << 20  # client_max_body_size of the product's published gateway configuration
PAGES = "the vendor's pages on licences and reports, and its script"
STATES = ("INITIALIZE_ACTIVATION", "INITIALIZE_ACTIVATION_COMPLETE", "CONFIG_REPORT_READY")


class Nim:
    """One NIM: its login, its licence and how far its registration has come."""

    def __init__(self, version: str, faults: Faults, licence: str, instances: int) -> None:
        self.version, self.faults, self.subscription, self.instances = version, faults, licence, instances
        self.username, self.password = "admin", secrets.token_urlsafe(16)
        self.licence: str | None = None
        self.polls = 0
        self.prepared = False
        self.acknowledged = False

    @property
    def is_raw(self) -> bool:
        """Whether it hands out raw usage, as from 2.22 on."""
        return tuple(int(part) for part in self.version.split(".")[:2]) >= (2, 22)

    def routes(self) -> tuple[Route, ...]:
        """What the platform API understands."""
        table = (
            ("GET", "/modules/versions", self.versions, Label.DOCUMENTED),
            ("GET", "/report/device_mode", self.device_mode, Label.DOCUMENTED),
            ("POST", "/license", self.add_licence, Label.DOCUMENTED),
            ("GET", "/license", self.licence_state, Label.DOCUMENTED),
            ("GET", "/modules/licensed", self.licensed, Label.DOCUMENTED),
            ("GET", "/report/download", self.download, Label.DOCUMENTED),
            ("POST", "/report/upload", self.upload, Label.DOCUMENTED),
            ("GET", "/health", self.health, Label.DOCUMENTED),
        )
        return tuple(
            Route(method, BASE + path, self._guarded(handle), label, PAGES) for method, path, handle, label in table
        )

    def _guarded(self, handle: Handler) -> Handler:
        async def guarded(request: Request) -> Response:
            if not self._logged_in(request.headers.get("authorization", "")):
                answer: Response = refusal(401, "Unauthorized")
                answer.headers["www-authenticate"] = 'Basic realm="Nginx Management Suite"'
                return answer
            if int(request.headers.get("content-length", "0") or 0) > MAX_BODY:
                return refusal(413, "Request Entity Too Large")
            return self.faults.status("nim") or await handle(request)

        return guarded

    def _logged_in(self, authorization: str) -> bool:
        scheme, _, value = authorization.partition(" ")
        try:
            given = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            return False
        return scheme == "Basic" and secrets.compare_digest(given, f"{self.username}:{self.password}".encode())

    async def versions(self, _: Request) -> Response:
        """Which version this is; other keys of the answer are not published."""
        return JSONResponse({"nim": self.version})

    async def device_mode(self, _: Request) -> Response:
        """Whether it reports by itself; the word for the other case is inferred."""
        connected = self.faults.has("nim-connected-mode")
        return JSONResponse({"device_mode": "CONNECTED" if connected else "DISCONNECTED"})

    async def add_licence(self, request: Request) -> Response:
        """Take a licence: 202, and its registration begins."""
        try:
            body = json.loads(await request.body())
            content = body["desiredState"]["content"]
        except (ValueError, KeyError, TypeError):
            return refusal(400, "desiredState.content is missing")
        if not isinstance(content, str) or content.count(".") != 2:  # noqa: PLR2004 (a JWT has three parts)
            return refusal(400, "the licence is no JWT")
        if self.faults.has("nim-already-registered"):
            self.licence, self.polls = content, len(STATES)
            return refusal(400, "failed to register token. already registered")
        self.licence, self.polls = content, 0
        return JSONResponse({"currentStatus": {"modeOfOperation": "DISCONNECTED"}}, status_code=202)

    async def licence_state(self, _: Request) -> Response:
        """How far the registration is: one state further each time it is asked."""
        if self.licence is None:
            return JSONResponse({"currentStatus": {"state": {}}})
        state = STATES[min(self.polls, len(STATES) - 1)]
        self.polls += 1
        instance = {"fileType": "JWT", "status": state, "telemetry": "true"}
        return JSONResponse(
            {"currentStatus": {"modeOfOperation": "DISCONNECTED", "state": {"currentInstance": instance}}}
        )

    async def licensed(self, _: Request) -> Response:
        """False until F5's acknowledgement was uploaded."""
        return JSONResponse({"licensed": self.acknowledged})

    async def download(self, request: Request) -> Response:
        """The report: prepared and fetched in two calls, or at once."""
        if request.query_params.get("format") != "zip":
            return refusal(400, "format=zip is the only format")
        action = request.query_params.get("telemetryAction")
        if action == "prepare":
            self.prepared = True
            return JSONResponse({"telemetry": "Report generation in progress"})
        if action == "download" and not self.prepared:
            return refusal(404, "no report was prepared")
        file = io.BytesIO()
        if self.is_raw:
            write_export_2_22(file, self.instances, [self.subscription])
        else:
            write_report_2_21(file, self.instances)
        return Response(file.getvalue(), media_type="application/zip")

    async def upload(self, request: Request) -> Response:
        """F5's acknowledgement, as one zip in a part named `file`."""
        if not request.headers.get("content-type", "").startswith("multipart/form-data"):
            return refusal(415, "send multipart/form-data with one part named file")
        try:
            form = await request.form(max_files=1)
        except MultiPartException as error:
            return refusal(400, str(error))
        async with form_closing(form):
            part = form.get("file")
            if part is None or isinstance(part, str) or not zipfile.is_zipfile(part.file):
                return refusal(400, "the part named file is missing or no zip")
        self.acknowledged = True
        return JSONResponse({"message": "Report uploaded successfully."})

    async def health(self, _: Request) -> Response:
        """All services are well."""
        services = dict.fromkeys(("core", "dpm", "ingestion", "integrations", "secmon"), "healthy")
        return JSONResponse({"services": services, "status": "healthy"})
