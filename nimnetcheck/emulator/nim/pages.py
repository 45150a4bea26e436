"""A NIM's own pages: its user interface with its web analytics, its health, and the levers of the emulation.

That analytics go from the browser to walkme.com, and how one opts out, is documented; what the page looks like is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

if TYPE_CHECKING:
    from starlette.requests import Request

    from nimnetcheck.emulator.nim.gateway import Gateway
    from nimnetcheck.emulator.nim.points import Points
    from nimnetcheck.emulator.nim.state import State

SERVICES = ("core", "dpm", "ingestion", "integrations", "secmon")
ANALYTICS = '<script async src="https://cdn.walkme.com/emulated-by-nimnetcheck.js"></script>'
PAGE = "<!doctype html><title>NGINX Instance Manager</title><p>Emulated by nimnetcheck.</p>"


class Pages:
    """What a browser, a monitor and the emulation's own levers ask for."""

    def __init__(self, state: State, gateway: Gateway, points: Points) -> None:
        self.state, self.gateway, self.points = state, gateway, points

    async def root(self, _: Request) -> Response:
        """To the user interface."""
        return RedirectResponse("/ui/", status_code=302)

    async def ui(self, request: Request) -> Response:
        """The user interface; with credentials, a login."""
        if self.gateway.knows(request):
            self.points.send("Login")
        return HTMLResponse(PAGE + (ANALYTICS if self.state.analytics else ""))

    async def health(self, _: Request) -> Response:
        """All services are well."""
        return JSONResponse({"services": dict.fromkeys(SERVICES, "healthy"), "status": "healthy"})

    async def liveness(self, request: Request) -> Response:
        """One service is alive."""
        known = request.path_params["service"] in SERVICES
        return Response(status_code=200 if known else 404)

    async def process(self, _: Request) -> Response:
        """A process of the NIM starts or stops, as systemd has it."""
        self.points.send("Start/Stop")
        return Response(status_code=204)

    async def period(self, _: Request) -> Response:
        """The time of the periodic report has come."""
        self.points.send("Product Usage")
        return Response(status_code=204)

    async def opt_out(self, _: Request) -> Response:
        """The switch in the user menu, or in provisioning: it holds for all users."""
        self.state.analytics = False
        return Response(status_code=204)

    async def opt_in(self, _: Request) -> Response:
        """The same switch, back."""
        self.state.analytics = True
        return Response(status_code=204)
