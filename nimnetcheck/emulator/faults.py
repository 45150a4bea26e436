"""What the emulator can be told to do wrong: places, and what goes wrong there.

A fault is named `PLACE-WHAT`. `NAME:N` limits it to the first N requests that it strikes, after which all is well: that
is how a client is tested that is meant to come through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.emulator import wire
from nimnetcheck.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Where requests arrive; each route of the emulator names its place.
PLACES: Mapping[str, str] = {
    "bulk": "the bulk upload",
    "status": "the bulk status",
    "ack": "the download of the acknowledgement",
    "manifest": "the connected NIM's report (product.apis.f5.com)",
    "entitlements": "product-s.apis.f5.com",
    "batch": "the batch endpoint",
    "usage": "NGINX Plus's own report",
    "points": "the collector of the data points",
    "nim": "the NIM's API",
    "relay": "NGINX Plus's report to the NIM",
}
STATUSES: Mapping[str, tuple[int, ...]] = {
    "bulk": (401, 403, 413, 429, 500, 503),
    "status": (404, 429, 503),
    "ack": (404, 429, 503),
    "manifest": (400, 401, 403, 429, 503),
    "entitlements": (401, 403, 503),
    "batch": (201, 204, 400, 401, 403, 413, 429, 500, 503),
    "usage": (401, 429, 500, 503),
    "nim": (401, 403, 429, 500, 502),
    "relay": (401, 429, 500),
}
ON_THE_WIRE = ("bulk", "ack", "manifest", "batch", "usage", "nim")
# Where more goes wrong than a status or the wire can say: place, what, and in words.
SPECIAL: tuple[tuple[str, str, str], ...] = (
    ("status", "stuck", "it stays at 50 %"),
    ("status", "unsuccessful", "100 % complete and 0 % successful"),
    ("status", "not-ready", "100 %, and readyForDownload stays false"),
    ("status", "no-link", "202 without a statusLink"),
    ("status", "absolute-link", "the statusLink holds the whole path"),
    ("status", "strict-path", "404 for a path with the relative statusLink pasted into it"),
    ("bulk", "not-json", "202 with a body that is no JSON"),
    ("ack", "truncated", "a whole answer with half a zip in it"),
    ("ack", "empty", "200 without a body"),
    ("points", "unavailable", "grpc-status 14"),
    ("points", "unauthenticated", "grpc-status 16"),
    ("points", "reset", "the connection is reset"),
    ("nim", "connected-mode", "it says that it is connected"),
    ("nim", "disconnected-mode", "it says that it is disconnected"),
    ("nim", "already-registered", "it has the licence already"),
    ("nim", "slow-report", "its report takes three tries to be there"),
    ("nim", "old-bundle", "it trusts one authority only, and F5's certificates are another's"),
)
# What something between the client and every host of the vendor does, or what the vendor's certificates are.
BETWEEN: Mapping[str, str] = {
    "block-page": "a web filter's page in place of every answer of the vendor",
    "redirect-portal": "a portal's redirect in place of every answer of the vendor",
}
LASTING: Mapping[str, str] = {
    "untrusted-ca": "vendor certificates of another authority",
    "expired-certificate": "vendor certificates that have expired",
    "clock-behind": "the clock of every host is a year behind",
    "mtls-alert": "product-s.apis.f5.com ends the handshake with an alert (handshake_failure)",
    "mtls-400": "product-s.apis.f5.com answers 400 where no client certificate was sent",
    "proxy-407": "the proxy wants other credentials",
    "proxy-403": "the proxy does not let the vendor's hosts through",
    "proxy-502": "the proxy cannot reach the vendor's hosts",
    "proxy-intercepts": "the proxy ends TLS itself: another authority, no ALPN",
}
FAULTS: Mapping[str, str] = {
    **{f"{place}-{code}": f"HTTP {code} from {PLACES[place]}" for place, codes in STATUSES.items() for code in codes},
    **{f"{place}-{name}": f"{PLACES[place]}: {words}" for place in ON_THE_WIRE for name, words in wire.WORDS.items()},
    **{f"{place}-{name}": f"{PLACES[place]}: {words}" for place, name, words in SPECIAL},
    **BETWEEN,
    **LASTING,
}


class Faults:
    """The faults that are switched on, and how often each will still strike; raises InputError for an unknown name."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._left: dict[str, float] = dict(map(_parse, names))

    def has(self, name: str) -> bool:
        """Whether this fault is on."""
        return self._left.get(name, 0) > 0

    def strikes(self, name: str) -> bool:
        """Whether this fault strikes the request at hand; one that is limited is then used up by one."""
        if not self.has(name):
            return False
        self._left[name] -= 1
        return True

    def at(self, place: str) -> wire.Effect | None:
        """What befalls a request at this place, if anything does: a status, or something on the wire."""
        for code in STATUSES.get(place, ()):
            if self.strikes(f"{place}-{code}"):
                return wire.status(code)
        for name, effect in wire.EFFECTS.items():
            if place in ON_THE_WIRE and self.strikes(f"{place}-{name}"):
                return effect
        return None


def _parse(text: str) -> tuple[str, float]:
    name, colon, count = text.partition(":")
    if name not in FAULTS:
        raise InputError(f"no fault {name!r}: `nimnetcheck emulate --list-faults` names them")
    if not colon:
        return name, float("inf")
    if name in LASTING:
        raise InputError(f"--fault {text}: {name} lasts, and cannot be counted")
    if not count.isascii() or not count.isdigit() or not 0 < int(count) <= 1000:  # noqa: PLR2004 (more than any client)
        raise InputError(f"--fault {text}: write NAME:N, with N from 1 to 1000")
    return name, int(count)
