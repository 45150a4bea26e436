"""The table of flows and faults: which step of which flow each fault strikes, and what it ends in there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.emulator import FAULTS
from nimnetcheck.emulator.faults import PLACES
from nimnetcheck.model import Failure
from nimnetcheck.submission import FLOWS

if TYPE_CHECKING:
    from collections.abc import Mapping

F = Failure
# At which step a flow first asks each place; nothing else of the emulator is asked by it.
BY_HAND = {"nim": 1, "bulk": 6, "status": 7, "ack": 8}
AT: Mapping[str, Mapping[str, int]] = {
    "nim-2.18-first-report": {"nim": 1, "bulk": 8, "status": 9, "ack": 10},
    "nim-2.20-first-report": BY_HAND,
    "nim-2.21-disconnected": BY_HAND,
    "nim-2.21-connected": {"nim": 1, "manifest": 5, "entitlements": 7},
    "nim-2.22-disconnected": {"nim": 1, "batch": 4},
    "nim-2.22-connected": {"nim": 1, "relay": 3, "batch": 4},
    "nginx-plus": {"usage": 1, "relay": 6},
    "data-points": {"nim": 1, "points": 2, "relay": 5},
    "web-analytics": {},
}
# What a NIM sends by itself beside the flow, whose outcome is not the flow's.
UNSEEN: Mapping[str, frozenset[str]] = {
    **dict.fromkeys((*list(AT)[:4],), frozenset({"points"})),
    "data-points": frozenset({"manifest", "entitlements"}),
}
OWN_SIDE = frozenset({"nim", "relay"})
# Where the NIM asks and the flow looks on: what ends a request without an answer is a time-out to it.
BY_NIM = frozenset(
    {("nim-2.21-connected", "manifest"), ("nim-2.21-connected", "entitlements"), ("nim-2.22-connected", "batch")}
)
PROXIED: Mapping[str, int] = {"nginx-plus": 3, "data-points": 2}
# What goes wrong, by the end of the fault's name: its failure, or None where the client is meant to come through.
STATUS: Mapping[str, Failure | None] = {
    "201": None,
    "204": None,
    "400": F.SUBMIT_REFUSED,
    "401": F.SUBMIT_UNAUTHORIZED,
    "403": F.SUBMIT_UNAUTHORIZED,
    "404": F.SUBMIT_REFUSED,
    "413": F.SUBMIT_REFUSED,
    "429": F.HTTP_STATUS,
    "500": F.HTTP_STATUS,
    "502": F.HTTP_STATUS,
    "503": F.HTTP_STATUS,
}
ON_THE_WIRE: Mapping[str, Failure | None] = {
    "cut": F.HTTP_CLOSED,
    "reset": F.HTTP_CLOSED,
    "stall": F.HTTP_TIMEOUT,
    "slow-headers": None,
    "cut-answer": F.HTTP_CLOSED,
    "wrong-type": None,
    "html": F.HTTP_BLOCK_PAGE,
    "twice": None,
    "retry-after": F.HTTP_STATUS,
}
SPECIAL: Mapping[str, Failure | None] = {
    "status-stuck": F.SUBMIT_TIMEOUT,
    "status-unsuccessful": F.SUBMIT_INCOMPLETE,
    "status-not-ready": F.SUBMIT_TIMEOUT,
    "status-absolute-link": None,
    "status-strict-path": None,
    "bulk-not-json": F.SUBMIT_UNEXPECTED_ANSWER,
    "ack-truncated": F.SUBMIT_UNEXPECTED_ANSWER,
    "ack-empty": F.SUBMIT_UNEXPECTED_ANSWER,
    "points-unavailable": F.SUBMIT_TIMEOUT,
    "points-unauthenticated": F.SUBMIT_TIMEOUT,
    "points-reset": F.SUBMIT_TIMEOUT,
    "nim-connected-mode": None,
    "nim-disconnected-mode": None,
    "nim-already-registered": None,
    "nim-slow-report": None,
    "nim-old-bundle": None,
    "block-page": F.HTTP_BLOCK_PAGE,
    "redirect-portal": F.HTTP_REDIRECT_OFF_SITE,
    "untrusted-ca": F.TLS_UNTRUSTED,
    "expired-certificate": F.TLS_EXPIRED,
    "clock-behind": None,
    "mtls-alert": F.SUBMIT_TIMEOUT,
    "mtls-400": F.SUBMIT_REFUSED,
    "proxy-407": F.PROXY_AUTH_REQUIRED,
    "proxy-403": F.PROXY_DENIED,
    "proxy-502": F.PROXY_UPSTREAM_FAILED,
    "proxy-intercepts": F.TLS_UNTRUSTED,
}
Cell = tuple[str, str]
ODD = F.SUBMIT_UNEXPECTED_ANSWER
# Where a flow shows a fault at another step, under another name, or not at all.
EXCEPTIONS: Mapping[Cell, tuple[int, Failure] | None] = {
    ("nim-2.18-first-report", "nim-connected-mode"): (2, F.WRONG_MODE),
    ("nim-2.18-first-report", "nim-slow-report"): (7, F.SUBMIT_REFUSED),
    ("nim-2.18-first-report", "status-no-link"): (8, ODD),
    ("nim-2.20-first-report", "nim-connected-mode"): (2, F.WRONG_MODE),
    ("nim-2.20-first-report", "nim-slow-report"): (5, F.SUBMIT_REFUSED),
    ("nim-2.20-first-report", "status-no-link"): (6, ODD),
    ("nim-2.21-disconnected", "nim-connected-mode"): (2, F.WRONG_MODE),
    ("nim-2.21-disconnected", "nim-slow-report"): (5, F.SUBMIT_REFUSED),
    ("nim-2.21-disconnected", "status-no-link"): (6, ODD),
    ("nim-2.21-connected", "nim-disconnected-mode"): (3, F.WRONG_MODE),
    ("nim-2.21-connected", "nim-old-bundle"): (5, F.TLS_UNTRUSTED),
    ("nim-2.21-connected", "manifest-cut-answer"): (6, F.SUBMIT_TIMEOUT),
    ("nim-2.22-disconnected", "nim-connected-mode"): (1, F.WRONG_MODE),
    ("nim-2.22-disconnected", "nim-slow-report"): (2, F.SUBMIT_REFUSED),
    ("nim-2.22-disconnected", "batch-cut-answer"): None,  # the status is all that counts, and it came
    ("nim-2.22-connected", "nim-disconnected-mode"): (2, F.WRONG_MODE),
    ("nim-2.22-connected", "nim-old-bundle"): (4, F.TLS_UNTRUSTED),
    ("nim-2.22-connected", "batch-cut-answer"): None,
    ("nginx-plus", "usage-cut-answer"): None,
    ("data-points", "nim-already-registered"): (2, F.SUBMIT_TIMEOUT),  # it was installed before
    ("data-points", "block-page"): (2, F.SUBMIT_TIMEOUT),
    ("data-points", "redirect-portal"): (2, F.SUBMIT_TIMEOUT),
    **{("data-points", f"proxy-{what}"): None for what in ("407", "403", "502", "intercepts")},  # they go past it
}
# What passes when it goes wrong no more than twice: the client is meant to come through.
PASSING = frozenset({"429", "500", "502", "503", "cut", "reset", "stall"})


def place_of(fault: str) -> str:
    """Where a fault strikes; nothing for one between the client and the vendor."""
    return next((place for place in PLACES if fault.startswith(f"{place}-")), "")


def first_step(flow: str, fault: str) -> int:
    """The step of a flow at which a fault first strikes; 0 where it cannot."""
    places = AT[flow]
    if place_of(fault):
        return places.get(place_of(fault), 0)
    if fault.startswith("proxy-"):
        return PROXIED.get(flow, 0)
    if fault.startswith("mtls-"):
        return places.get("entitlements", 0)
    return min((step for place, step in places.items() if place not in OWN_SIDE), default=0)


def expected(flow: str, fault: str) -> tuple[int, Failure] | None:
    """The step and the failure that a fault ends in while it lasts; raises KeyError for one without an expectation."""
    if (flow, fault) in EXCEPTIONS:
        return EXCEPTIONS[flow, fault]
    what = fault[len(place_of(fault)) + 1 :]
    failure = SPECIAL[fault] if fault in SPECIAL else {**STATUS, **ON_THE_WIRE}[what]
    if (flow, place_of(fault)) in BY_NIM and failure in {F.HTTP_CLOSED, F.HTTP_TIMEOUT}:
        failure = F.SUBMIT_TIMEOUT
    return (first_step(flow, fault), failure) if failure else None


def passes(cell: Cell) -> bool:
    """Whether the client, or the NIM, comes through it when it happens twice."""
    place = place_of(cell[1])
    what = cell[1][len(place) + 1 :]
    return (
        bool(place) and what in PASSING and place != "points" and not (what == "stall" and (cell[0], place) in BY_NIM)
    )


CELLS = [(flow, fault) for flow in FLOWS for fault in FAULTS if first_step(flow, fault)]
