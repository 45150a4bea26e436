"""One door for all emulated hosts: by the Host of the request, with a log of everything that arrived."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from email.utils import format_datetime
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

import attrs
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, RedirectResponse

from nimnetcheck import net
from nimnetcheck.emulator.refusal import refusal
from nimnetcheck.emulator.routes import LABEL_HEADER, PLACE, app

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from nimnetcheck.emulator.faults import Faults
    from nimnetcheck.emulator.routes import Route

RANGE = ip_network("159.60.126.0/25")
BLOCK_PAGE = "<html><title>Web Page Blocked</title><p>FortiGuard Intrusion Prevention: access blocked</p></html>"
PORTAL = "https://portal.example/login"
YEAR = timedelta(days=365)


@attrs.frozen(kw_only=True)
class Arrival:
    """One request as it arrived, and how it was answered; of headers and body only the body's size and sum."""

    host: str
    method: str
    path: str
    status: int
    label: str
    place: str
    size: int
    sha256: str


@attrs.frozen(kw_only=True)
class Hosts:
    """Whose applications are served: the vendor's by name, the NIM, and the collector behind the range."""

    vendor: Mapping[str, tuple[Route, ...]]
    nim: tuple[str, tuple[Route, ...]]
    collector: tuple[Route, ...]

    def routes(self) -> Mapping[str, tuple[Route, ...]]:
        """All of them, by name or range."""
        return {**self.vendor, self.nim[0]: self.nim[1], str(RANGE): self.collector}


class Dispatch:
    """An ASGI application of many hosts; an address that is none of the range's is the NIM's."""

    def __init__(self, hosts: Hosts, faults: Faults) -> None:
        self._vendor = {host: app(routes, faults) for host, routes in hosts.vendor.items()}
        self._nim_host, self._nim = hosts.nim[0], app(hosts.nim[1], faults)
        self._collector = app(hosts.collector, faults)
        self._faults = faults
        self.arrivals: list[Arrival] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request to its host."""
        host = _host(Headers(scope=scope).get("host", ""))
        body = _Body(receive)
        await self._choose(host)(scope, body.receive, self._logged(host, scope, body, send))

    def _choose(self, host: str) -> ASGIApp:
        if host in self._vendor or _is_collector(host):
            if self._faults.strikes("block-page"):
                return HTMLResponse(BLOCK_PAGE)
            if self._faults.strikes("redirect-portal"):
                return RedirectResponse(PORTAL, status_code=302)
        if host in self._vendor:
            return self._vendor[host]
        if _is_collector(host):
            return self._collector
        if host == self._nim_host or _is_address(host):
            return self._nim
        return refusal(421, "no host of that name is emulated here")

    def _logged(self, host: str, scope: Scope, body: _Body, send: Send) -> Send:
        async def logged(message: Message) -> None:
            if message["type"] == "http.response.start":
                await body.drain()
                message["headers"] = [*message["headers"], (b"date", self._date())]
                self._note(host, scope, body, message)
            await send(message)

        return logged

    def _note(self, host: str, scope: Scope, body: _Body, message: Message) -> None:
        label = Headers(raw=list(message["headers"])).get(LABEL_HEADER, "")
        status: Any = message["status"]
        self.arrivals.append(
            Arrival(
                host=host,
                method=scope["method"],
                path=scope["path"],
                status=status,
                label=label,
                place=scope.get(PLACE, ""),
                size=body.size,
                sha256=body.sum.hexdigest(),
            )
        )

    def _date(self) -> bytes:
        now = net.utc_now() - (YEAR if self._faults.has("clock-behind") else timedelta())
        return format_datetime(now, usegmt=True).encode("ascii")


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
        chunk = message.get("body", b"")
        self.size += len(chunk)
        self.sum.update(chunk)
        return message

    async def drain(self) -> None:
        while self._more:
            await self.receive()


def _host(header: str) -> str:
    """The name or address of a Host header, without its port."""
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.partition(":")[0].lower()


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return not host  # HTTP/1.0 names no host: whoever asks came by address
    return True


def _is_collector(host: str) -> bool:
    return host == "collector.example" or (bool(host) and _is_address(host) and ip_address(host) in RANGE)
