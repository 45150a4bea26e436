"""A NIM's licence: taken, registered by hand or by itself, confirmed, and the switch of its telemetry."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from nimnetcheck.emulator.nim.state import CONNECTED, DISCONNECTED, FIRST_WITHOUT_PUT
from nimnetcheck.emulator.refusal import refusal

if TYPE_CHECKING:
    from starlette.requests import Request

    from nimnetcheck.emulator.faults import Faults
    from nimnetcheck.emulator.nim.points import Points
    from nimnetcheck.emulator.nim.state import State
    from nimnetcheck.emulator.nim.uplink import Uplink

ALREADY = "failed to register token. already registered"
FEATURES = frozenset(
    (
        "NGINX_NAP_DOS",
        "IM_INSTANCES",
        "TM_INSTANCES",
        "DATA_PER_HOUR_GB",
        "NGINX_INSTANCES",
        "NGINX_NAP",
        "SUCCESSFUL_API_CALLS_MILLIONS",
        "IC_PODS",
        "IC_K8S_NODES",
    )
)


class Licence:
    """The calls around /license."""

    def __init__(self, state: State, faults: Faults, uplink: Uplink, points: Points) -> None:
        self.state, self.faults, self.uplink, self.points = state, faults, uplink, points

    async def versions(self, _: Request) -> Response:
        """Which version this is; other keys of the answer are not published."""
        return JSONResponse({"nim": self.state.version})

    async def device_mode(self, _: Request) -> Response:
        """Whether it reports by itself; the word for the other case is inferred."""
        return JSONResponse({"device_mode": self._mode()})

    def _mode(self) -> str:
        if self.faults.strikes("nim-connected-mode"):
            return CONNECTED
        return DISCONNECTED if self.faults.strikes("nim-disconnected-mode") else self.state.mode

    async def add(self, request: Request) -> Response:
        """Take a licence: 202, and its registration begins; a second one is refused."""
        wanted = await _desired(request)
        content = wanted.get("content")
        if not isinstance(content, str) or content.count(".") != 2:  # noqa: PLR2004 (a JWT has three parts)
            return refusal(400, "desiredState.content is missing or no JWT")
        if self.faults.strikes("nim-already-registered"):
            self.state.licence, self.state.progress = content, 1
            if self.state.mode == CONNECTED:
                self.uplink.register()
            return refusal(400, ALREADY)
        if self.state.licence is not None:
            return refusal(400, ALREADY)
        self.state.licence, self.state.progress = content, 0
        self.state.telemetry = request.query_params.get("telemetry") != "false"
        if self.state.mode == CONNECTED:
            self.uplink.register()
        self.points.send("Installation")
        return JSONResponse({"currentStatus": {"modeOfOperation": self.state.mode}}, status_code=202)

    async def change(self, request: Request) -> Response:
        """Confirm it, as up to 2.19 is needed; and turn the telemetry on or off, which is inferred."""
        if self.state.licence is None:
            return refusal(404, "no licence")
        wanted = await _desired(request)
        features = wanted.get("features", [])
        if not isinstance(features, list) or not all(isinstance(one, dict) for one in features):
            return refusal(400, "desiredState.features is no list")
        names = {one.get("name") for one in features}
        if self.state.number < FIRST_WITHOUT_PUT and (names != FEATURES or wanted.get("type") != "JWT"):
            return refusal(400, "desiredState needs type JWT and all features")
        self.state.confirmed = True
        self.state.telemetry = request.query_params.get("telemetry") != "false"
        return await self.look(request)

    async def look(self, _: Request) -> Response:
        """How far the registration is; by hand it goes one state further each time it is asked."""
        status: dict[str, object] = {"modeOfOperation": self.state.mode, "state": {}}
        if self.state.licence is not None:
            telemetry = "true" if self.state.telemetry else "false"
            instance = {"fileType": "JWT", "status": self.state.registration, "telemetry": telemetry}
            status["state"] = {"currentInstance": instance}
        if self.state.mode == DISCONNECTED:
            self.state.progress += 1
        return JSONResponse({"currentStatus": status})

    async def licensed(self, _: Request) -> Response:
        """Disconnected: false until F5's acknowledgement was uploaded."""
        done = self.state.acknowledged or self.state.registration == "VALID"
        return JSONResponse({"licensed": done})


async def _desired(request: Request) -> dict[str, object]:
    """The desired state of a body, empty where there is none."""
    try:
        wanted = json.loads(await request.body())["desiredState"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    return wanted if isinstance(wanted, dict) else {}
