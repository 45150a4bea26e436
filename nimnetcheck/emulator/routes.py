"""Routes with their labels: what each stands for on the vendor's side, and how sure we are of it."""

from __future__ import annotations

from collections.abc import Awaitable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Callable

import attrs
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route as StarletteRoute

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.datastructures import FormData

    from nimnetcheck.model import Label

Handler = Callable[[Request], Awaitable[Response]]
LABEL_HEADER = "x-nimnetcheck-label"


@attrs.frozen
class Route:
    """One request that a host understands."""

    method: str
    path: str
    handle: Handler
    label: Label
    source: str


def app(routes: tuple[Route, ...]) -> Starlette:
    """The routes as an application; each answer says in a header how sure we are that the real host answers so."""
    return Starlette(routes=[StarletteRoute(route.path, _labelled(route), methods=[route.method]) for route in routes])


def refusal(status: int, words: str) -> JSONResponse:
    """A refusal in words; the vendor's own error bodies are not published, so no client may depend on this one."""
    return JSONResponse({"code": status, "message": words}, status_code=status)


def _labelled(route: Route) -> Handler:
    async def endpoint(request: Request) -> Response:
        response = await route.handle(request)
        response.headers[LABEL_HEADER] = route.label.value
        return response

    return endpoint


@asynccontextmanager
async def form_closing(form: FormData) -> AsyncIterator[None]:
    """Close the temporary files of a form when it has been read."""
    try:
        yield
    finally:
        await form.close()
