"""What an emulated NIM sends by itself: real names, TLS and HTTP, to whoever stands in for the vendor.

That a connected NIM up to 2.21 makes the manifest call is inferred from other F5 products. From 2.22 it posts batches;
its log lines are documented.
"""

from __future__ import annotations

import asyncio
import gzip
import http.client
import json
import socket
import uuid
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.submission import names
from nimnetcheck.submission.messages import Trouble

if TYPE_CHECKING:
    import ssl
    from collections.abc import Coroutine, Mapping

    from nimnetcheck.emulator.nim.state import State
    from nimnetcheck.emulator.proxy import Forward
    from nimnetcheck.model import World

TIMEOUT_S = 2.0
HTTPS = 443
TEEM, ENTITLEMENTS, CONNECT = "product.apis.f5.com", "product-s.apis.f5.com", "product.connect.nginx.com"
MANIFEST = "/ee/v1/entitlements/telemetry"
BATCH = "/api/nginx-usage/batch"
ACCEPTED = frozenset((200, 201, 204))
FINAL = frozenset((400, 401, 403, 413))  # as the vendor's script has it
ATTEMPTS = 5  # `max_retry_attempts`
WAIT_S = 0.05
ERRORS = (OSError, http.client.HTTPException)


@attrs.frozen(kw_only=True)
class Outlet:
    """Where a NIM's calls go: the names' world, the trust store, and the forward proxy, if it has one."""

    world: World
    context: ssl.SSLContext = attrs.field(repr=False)
    proxy: Forward | None = None


class Uplink:
    """The NIM's own calls, one after the other, each in the background of whatever caused it."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._tasks: set[asyncio.Task[None]] = set()
        self.outlet: Outlet | None = None  # set when the vendor's listeners are there

    def register(self) -> None:
        """Begin to register the licence with the vendor."""
        self._begin(self._register())

    def pass_on(self, authorization: str, record: Mapping[str, object]) -> None:
        """Begin to pass one instance's record on, as a batch of one."""
        self._begin(self._batch(authorization, record))

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _register(self) -> None:
        bearer = {"Authorization": f"Bearer {self._state.licence}"}
        headers = {**bearer, "Content-Type": "application/json", "F5-DigitalAssetId": self._state.asset}
        body = json.dumps({"report": f"emulated-by-nimnetcheck.{uuid.uuid4()}"}).encode()
        if await self._insist("POST", TEEM, MANIFEST, headers, body):
            self._state.progress = 1
            if await self._insist("GET", ENTITLEMENTS, "/ee", bearer):
                self._state.progress = 2

    async def _batch(self, authorization: str, record: Mapping[str, object]) -> None:
        headers = {"Authorization": authorization, "Content-Type": "application/gzip"}
        body = gzip.compress(json.dumps(record).encode() + b"\n")
        if await self._insist("POST", CONNECT, BATCH, headers, body):
            self._state.log.append("[info] [NC-POST] NC response status=200 batch_size=1")

    async def _insist(self, method: str, host: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> bool:
        """Call until it is accepted, as often as a NIM does from 2.22 on; whether it was."""
        for attempt in range(ATTEMPTS):
            status = await self._call(method, host, path, headers, body)
            if status in ACCEPTED:
                return True
            if status in FINAL:
                return False
            wait_s = WAIT_S * 2**attempt
            self._state.log.append(f"[warn] [NC-RETRY] retrying after error: {host}: {status} wait={wait_s:g}s")
            await asyncio.sleep(wait_s)
        return False

    async def _call(self, method: str, host: str, path: str, headers: Mapping[str, str], body: bytes) -> int | None:
        """The status of one call, or None when it did not come to one; why not stands in the log."""
        if self.outlet is None:
            return None
        try:
            return await asyncio.to_thread(_exchange, self.outlet, method, (host, path), headers, body)
        except ERRORS as error:
            self._state.log.append(f"[error] {host}: {error}")
            return None


def _exchange(outlet: Outlet, method: str, where: tuple[str, str], headers: Mapping[str, str], body: bytes) -> int:
    """One request on a connection of its own; raises OSError and http.client.HTTPException."""
    host, path = where
    connection = _through(outlet.proxy, outlet, host) if outlet.proxy else _direct(outlet, host)
    try:
        connection.request(method, path, body or None, dict(headers))
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


def _through(proxy: Forward, outlet: Outlet, host: str) -> http.client.HTTPSConnection:
    """By CONNECT: the proxy looks the name up."""
    connection = http.client.HTTPSConnection(proxy.host, proxy.port, timeout=TIMEOUT_S, context=outlet.context)
    connection.set_tunnel(host, HTTPS, {"Proxy-Authorization": proxy.authorization} if proxy.authorization else {})
    return connection


def _direct(outlet: Outlet, host: str) -> http.client.HTTPSConnection:
    found = names.resolve(outlet.world, host, HTTPS, timeout_s=TIMEOUT_S)
    if isinstance(found, Trouble):
        raise OSError(found.detail)
    address, port = found[0]
    connection = http.client.HTTPSConnection(host, HTTPS, timeout=TIMEOUT_S, context=outlet.context)
    raw = socket.create_connection((str(address), port), TIMEOUT_S)
    connection.sock = outlet.context.wrap_socket(raw, server_hostname=host)
    return connection
