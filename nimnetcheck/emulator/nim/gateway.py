"""The web server in front of a NIM: who may come in, how often, and with how much."""

from __future__ import annotations

import base64
import binascii
import secrets
from typing import TYPE_CHECKING

import attrs

from nimnetcheck import net
from nimnetcheck.emulator.refusal import refusal

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from nimnetcheck.emulator.nim.state import State
    from nimnetcheck.emulator.routes import Handler

# All of it from the gateway configuration that F5 published as a sample.
MAX_BODY = 50 << 20
REALM = 'Basic realm="Nginx Management Suite"'
API_RATE, API_BURST = 20, 20
OTHER_RATE, OTHER_BURST = 1, 10


@attrs.define
class Bucket:
    """Requests a second, and how many more at once, as nginx counts them (`limit_req … nodelay`)."""

    rate: float
    burst: int
    excess: float = 0.0
    last_s: float | None = None

    def admits(self, now_s: float) -> bool:
        """Whether one more request is let in now."""
        drained = 0.0 if self.last_s is None else self.rate * (now_s - self.last_s)
        excess = 0.0 if self.last_s is None else max(self.excess - drained + 1, 0.0)
        if excess > self.burst:
            return False
        self.excess, self.last_s = excess, now_s
        return True


class Gateway:
    """Rate limits, the size limit and the login, in that order."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._api = Bucket(API_RATE, API_BURST)
        self._other = Bucket(OTHER_RATE, OTHER_BURST)

    def api(self, handle: Handler) -> Handler:
        """A call of the API that only a user may make."""

        async def guarded(request: Request) -> Response:
            return self._refused(request, self._api) or self._stranger(request) or await handle(request)

        return guarded

    def open_api(self, handle: Handler) -> Handler:
        """A call of the API that needs no login here."""

        async def guarded(request: Request) -> Response:
            return self._refused(request, self._api) or await handle(request)

        return guarded

    def page(self, handle: Handler) -> Handler:
        """A page that anybody may see."""

        async def guarded(request: Request) -> Response:
            return self._refused(request, self._other) or await handle(request)

        return guarded

    def knows(self, request: Request) -> bool:
        """Whether the request carries the login."""
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        try:
            given = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            return False
        login = f"{self._state.username}:{self._state.password}".encode()
        return scheme == "Basic" and secrets.compare_digest(given, login)

    def _refused(self, request: Request, bucket: Bucket) -> Response | None:
        if not bucket.admits(net.monotonic()):
            return refusal(429, "Too Many Requests")
        if int(request.headers.get("content-length", "0") or 0) > MAX_BODY:
            return refusal(413, "Request Entity Too Large")
        return None

    def _stranger(self, request: Request) -> Response | None:
        if self.knows(request):
            return None
        answer = refusal(401, "Unauthorized")
        answer.headers["www-authenticate"] = REALM
        return answer
