"""The hosts that only have to answer: product-s.apis.f5.com, and the collector that stands for the telemetry range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response

from nimnetcheck.emulator.routes import Route
from nimnetcheck.model import Label

if TYPE_CHECKING:
    from starlette.requests import Request

ENTITLEMENTS = "product-s.apis.f5.com"


async def _answer(_: Request) -> Response:
    return PlainTextResponse("emulated by nimnetcheck\n")


def entitlements() -> tuple[Route, ...]:
    """The real host probably asks for a client certificate; the emulated one lets everybody see that it is there."""
    source = "the vendor's page names host and path; what it answers is not published"
    return (
        Route("GET", "/", _answer, Label.INFERRED, source),
        Route("GET", "/ee", _answer, Label.INFERRED, source),
    )


def collector() -> tuple[Route, ...]:
    """No wire format of the data points is published: whatever is sent is answered."""
    source = "the range and its port are documented, the protocol is not"
    return (
        Route("GET", "/{path:path}", _answer, Label.ANALOGUE, source),
        Route("POST", "/{path:path}", _answer, Label.ANALOGUE, source),
    )
