"""The collector that stands for 159.60.126.0/25: no wire format of the data points is published.

What it takes is an analogue: the OpenTelemetry export by which F5's Kubernetes products send their telemetry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response

from nimnetcheck.emulator import otlp
from nimnetcheck.emulator.connection import connection_of
from nimnetcheck.emulator.routes import Route
from nimnetcheck.model import Label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from nimnetcheck.emulator.faults import Faults

HOST = "collector.example"
RANGE_SOURCE = "the range and its port are documented, the protocol is not"
OTLP_SOURCE = "the telemetry exporter of F5's Kubernetes products"


class Collector:
    """The data points that arrived, in order."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.points: list[Mapping[str, str]] = []

    def routes(self) -> tuple[Route, ...]:
        """What it understands; whatever else is sent is answered too."""
        return (
            Route("POST", otlp.PATH, self.export, Label.ANALOGUE, OTLP_SOURCE, "points"),
            Route("GET", "/{path:path}", _answer, Label.ANALOGUE, RANGE_SOURCE),
            Route("POST", "/{path:path}", _answer, Label.ANALOGUE, RANGE_SOURCE),
        )

    async def export(self, request: Request) -> Response:
        """Take spans; gRPC tells its outcome in a status of its own."""
        if self.faults.strikes("points-reset"):
            connection_of(request.scope).reset()
            return Grpc(otlp.UNAVAILABLE)
        if self.faults.strikes("points-unavailable"):
            return Grpc(otlp.UNAVAILABLE)
        if self.faults.strikes("points-unauthenticated") or request.headers.get(otlp.HEADER[0]) != otlp.HEADER[1]:
            return Grpc(otlp.UNAUTHENTICATED)
        try:
            self.points += otlp.spans(await request.body())
        except ValueError:
            return Grpc(otlp.INVALID)
        return Grpc(otlp.OK)


class Grpc(Response):
    """An empty gRPC message, with its status in the trailers; in the head too, since hypercorn 0.17 drops trailers."""

    media_type = otlp.CONTENT_TYPE

    def __init__(self, grpc_status: int) -> None:
        self.grpc_status = str(grpc_status)
        super().__init__(otlp.frame(b""), headers={"grpc-status": self.grpc_status})

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send head, body and trailers."""
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers, "trailers": True}
        await send(start)
        await send({"type": "http.response.body", "body": self.body})
        trailers = [(b"grpc-status", self.grpc_status.encode("ascii"))]
        await send({"type": "http.response.trailers", "headers": trailers})


async def _answer(_: Request) -> Response:
    return PlainTextResponse("emulated by nimnetcheck\n")
