"""A NIM's reports: made, handed out, acknowledged; and what the instances behind it report."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from starlette.formparsers import MultiPartException
from starlette.responses import JSONResponse, Response

from nimnetcheck.emulator.nim.state import CONNECTED
from nimnetcheck.emulator.refusal import refusal
from nimnetcheck.emulator.routes import form_closing
from nimnetcheck.emulator.usage_report import take
from nimnetcheck.submission.usage import write_export_2_22, write_report_2_21

if TYPE_CHECKING:
    from starlette.requests import Request

    from nimnetcheck.emulator.authority import Authority
    from nimnetcheck.emulator.faults import Faults
    from nimnetcheck.emulator.nim.points import Points
    from nimnetcheck.emulator.nim.state import State
    from nimnetcheck.emulator.nim.uplink import Uplink


class Reports:
    """The calls around /report, and the one that NGINX Plus makes."""

    def __init__(self, state: State, faults: Faults, uplink: Uplink, points: Points) -> None:
        self.state, self.faults, self.uplink, self.points = state, faults, uplink, points

    async def download(self, request: Request) -> Response:
        """The report: prepared and fetched in two calls, or at once."""
        if request.query_params.get("format") != "zip":
            return refusal(400, "format=zip is the only format")
        if not self.state.is_raw and not self.state.licence:
            return refusal(400, "there is no licence to report for")
        action = request.query_params.get("telemetryAction")
        if action == "prepare":
            self.state.prepared = True
            return JSONResponse({"telemetry": "Report generation in progress"})
        if self.faults.strikes("nim-slow-report") or (action == "download" and not self.state.prepared):
            return refusal(404, "the report is not there")
        file = io.BytesIO()
        if self.state.is_raw:
            write_export_2_22(file, self.state.instances, [self.state.subscription])
        else:
            write_report_2_21(file, self.state.instances)
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
        self.state.acknowledged = True
        return JSONResponse({"message": "Report uploaded successfully."})

    async def relay(self, request: Request, authority: Authority) -> Response:
        """One instance's report; from 2.22 a connected NIM passes it on."""
        record = await take(request, authority)
        if isinstance(record, Response):
            return record
        instance = str(record["uuid"])
        if instance not in self.state.planes:
            self.state.planes.add(instance)
            self.points.send("Adding Data Plane")
        if self.state.is_raw and self.state.mode == CONNECTED:
            self.uplink.pass_on(request.headers["authorization"], record)
        return Response(status_code=200)
