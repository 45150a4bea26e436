"""One door for all emulated hosts: by the Host of the request, with a log of everything that arrived."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import attrs
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, RedirectResponse

from nimnetcheck.emulator.routes import LABEL_HEADER, app, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from nimnetcheck.emulator.faults import Faults
    from nimnetcheck.emulator.routes import Route

BLOCK_PAGE = "<html><title>Web Page Blocked</title><p>FortiGuard Intrusion Prevention: access blocked</p></html>"
PORTAL = "https://portal.example/login"


@attrs.frozen(kw_only=True)
class Arrival:
    """One request as it arrived, and how it was answered; of headers and body only the body's size and sum."""

    host: str
    method: str
    path: str
    status: int
    label: str
    size: int
    sha256: str


class Dispatch:
    """An ASGI application of many hosts; what has no known name is the collector's."""

    def __init__(
        self, hosts: Mapping[str, tuple[Route, ...]], vendor: frozenset[str], rest: tuple[Route, ...], faults: Faults
    ) -> None:
        self.apps = {host: app(routes) for host, routes in hosts.items()}
        self.vendor, self.rest, self.faults = vendor, app(rest), faults
        self.arrivals: list[Arrival] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request to its host."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        host = Headers(scope=scope).get("host", "").partition(":")[0].lower()
        body = _Body(receive)
        await self._choose(host)(scope, body.receive, self._logged(host, scope, body, send))

    def _choose(self, host: str) -> ASGIApp:
        if host in self.vendor and self.faults.has("block-page"):
            return HTMLResponse(BLOCK_PAGE)
        if host in self.vendor and self.faults.has("redirect-portal"):
            return RedirectResponse(PORTAL, status_code=302)
        if host in self.apps:
            return self.apps[host]
        if host and not host[-1].isdigit():
            return refusal(421, "no host of that name is emulated here")
        return self.rest

    def _logged(self, host: str, scope: Scope, body: _Body, send: Send) -> Send:
        async def logged(message: Message) -> None:
            if message["type"] == "http.response.start":
                await body.drain()
                label = Headers(raw=list(message["headers"])).get(LABEL_HEADER, "")
                status: Any = message["status"]
                method, path = scope["method"], scope["path"]
                self.arrivals.append(
                    Arrival(
                        host=host,
                        method=method,
                        path=path,
                        status=status,
                        label=label,
                        size=body.size,
                        sha256=body.sum.hexdigest(),
                    )
                )
            await send(message)

        return logged


class _Body:
    """A request's body, read to its end before it is answered: a client that still sends would see a reset instead."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._more = True
        self.size = 0
        self.sum = hashlib.sha256()

    async def receive(self) -> Message:
        message = await self._receive()
        self._more = message["type"] == "http.request" and message.get("more_body", False)
        self.size += len(message.get("body", b""))
        self.sum.update(message.get("body", b""))
        return message

    async def drain(self) -> None:
        while self._more:
            await self.receive()


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
