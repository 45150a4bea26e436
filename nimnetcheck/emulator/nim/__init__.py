"""A NIM with the part of its platform API that licensing and reporting use, in all its generations and both modes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.emulator.nim.gateway import MAX_BODY, Gateway
from nimnetcheck.emulator.nim.licence import Licence
from nimnetcheck.emulator.nim.pages import Pages
from nimnetcheck.emulator.nim.points import Points
from nimnetcheck.emulator.nim.reports import Reports
from nimnetcheck.emulator.nim.uplink import Uplink
from nimnetcheck.emulator.routes import Route
from nimnetcheck.model import Label

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from nimnetcheck.emulator.authority import Authority
    from nimnetcheck.emulator.faults import Faults
    from nimnetcheck.emulator.nim.state import State

__all__ = ["BASE", "HOST", "MAX_BODY", "Nim"]

HOST = "nim.example"
BASE = "/api/platform/v1"
SCRIPT = "the vendor's pages on licences and reports, and its script"
HEALTH = "the vendor's page on health checks"
INSTANCES = "the vendor's page on reporting to a NIM; path and headers as in NGINX Plus's own report"
INTERFACE = "what the pages say of web analytics; the page itself is ours"
LEVER = "the emulation's own: a person, systemd or the clock does it"


class Nim:
    """One NIM: its state, and what acts on it."""

    def __init__(self, state: State, authority: Authority, faults: Faults) -> None:
        self.state, self._authority = state, authority
        self.uplink, self.points = Uplink(state), Points(state)
        self._gateway = Gateway(state)
        self._licence = Licence(state, faults, self.uplink, self.points)
        self._reports = Reports(state, faults, self.uplink, self.points)
        self._pages = Pages(state, self._gateway, self.points)

    def routes(self) -> tuple[Route, ...]:
        """What the NIM understands."""
        return (*self._platform(), *self._open(), *self._levers())

    def _platform(self) -> tuple[Route, ...]:
        table = (
            ("GET", "/modules/versions", self._licence.versions, SCRIPT),
            ("GET", "/report/device_mode", self._licence.device_mode, SCRIPT),
            ("POST", "/license", self._licence.add, SCRIPT),
            ("PUT", "/license", self._licence.change, SCRIPT),
            ("GET", "/license", self._licence.look, SCRIPT),
            ("GET", "/modules/licensed", self._licence.licensed, SCRIPT),
            ("GET", "/report/download", self._reports.download, SCRIPT),
            ("POST", "/report/upload", self._reports.upload, SCRIPT),
            ("GET", "/health", self._pages.health, HEALTH),
        )
        return tuple(
            Route(method, BASE + path, self._gateway.api(handle), Label.DOCUMENTED, source, "nim")
            for method, path, handle, source in table
        )

    def _open(self) -> tuple[Route, ...]:
        gate, pages = self._gateway, self._pages
        return (
            Route("GET", "/api/liveness/{service}", gate.open_api(pages.liveness), Label.DOCUMENTED, HEALTH),
            Route("POST", "/api/nginx-usage", gate.open_api(self._relay), Label.INFERRED, INSTANCES, "relay"),
            Route("GET", "/", gate.page(pages.root), Label.INFERRED, INTERFACE),
            Route("GET", "/ui/", gate.page(pages.ui), Label.INFERRED, INTERFACE),
        )

    def _levers(self) -> tuple[Route, ...]:
        pages = self._pages
        table = (
            ("POST", "/emulated/process", pages.process),
            ("POST", "/emulated/period", pages.period),
            ("DELETE", "/emulated/analytics", pages.opt_out),
            ("PUT", "/emulated/analytics", pages.opt_in),
        )
        return tuple(Route(method, path, handle, Label.ANALOGUE, LEVER) for method, path, handle in table)

    async def _relay(self, request: Request) -> Response:
        return await self._reports.relay(request, self._authority)
