"""Routes with their labels: what each stands for, how sure we are of it, and where its faults strike."""

from __future__ import annotations

from collections.abc import Awaitable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Callable

import attrs
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as StarletteRoute

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.datastructures import FormData
    from starlette.types import Receive, Scope, Send

    from nimnetcheck.emulator.faults import Faults
    from nimnetcheck.model import Label

Handler = Callable[[Request], Awaitable[Response]]
LABEL_HEADER = "x-nimnetcheck-label"
PLACE = "place"  # under which name a request's scope tells the place of its route


@attrs.frozen
class Route:
    """One request that a host understands; `place` is where its faults strike."""

    method: str
    path: str
    handle: Handler
    label: Label
    source: str
    place: str = ""


def app(routes: tuple[Route, ...], faults: Faults) -> Starlette:
    """The routes as an application; each answer says in a header how sure we are that the real host answers so."""
    return Starlette(
        routes=[StarletteRoute(route.path, _Endpoint(route, faults), methods=[route.method]) for route in routes]
    )


class _Endpoint:
    """A route as an application of its own, with whatever goes wrong at its place."""

    def __init__(self, route: Route, faults: Faults) -> None:
        self._route, self._faults = route, faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or let its fault do so."""
        scope[PLACE] = self._route.place
        effect = self._faults.at(self._route.place)
        if effect is None:
            await self._answer(scope, receive, send)
        else:
            await effect(self._answer, scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._route.handle(Request(scope, receive))
        response.headers[LABEL_HEADER] = self._route.label.value
        await response(scope, receive, send)


@asynccontextmanager
async def form_closing(form: FormData) -> AsyncIterator[None]:
    """Close the temporary files of a form when it has been read."""
    try:
        yield
    finally:
        await form.close()
