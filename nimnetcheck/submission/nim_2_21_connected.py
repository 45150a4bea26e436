"""Licence of a connected NIM up to 2.21, which registers it with both of F5's hosts by itself.

The states are those that the vendor's older script waits for. What NIM sends is published nowhere: that it is the
manifest call of other F5 products is inferred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.model import Label
from nimnetcheck.submission import connected, nim_licence
from nimnetcheck.submission.flow import Flow, Step, run_steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.model import Observation
    from nimnetcheck.submission.flow import Site

ID = "nim-2.21-connected"
ACTIVATED, VALID = "ACTIVATED", "VALID"
STEPS = (
    nim_licence.says_version((2, 18), (2, 21)),
    connected.BUNDLE,
    connected.MODE,
    nim_licence.ADD,
    connected.arrival(
        "manifest",
        "product.apis.f5.com",
        "product.apis.f5.com takes NIM's report",
        "NIM reaches F5's licensing service by itself, over a certificate that it trusts",
        Label.INFERRED,
    ),
    Step(
        title="NIM has activated it",
        label=Label.DOCUMENTED,
        proves="the licence is registered, and NIM's telemetry is on",
        act=nim_licence.registered(ACTIVATED, VALID),
    ),
    connected.arrival(
        "entitlements",
        "product-s.apis.f5.com",
        "product-s.apis.f5.com answers NIM",
        "the second host is open too: a NIM that reaches only the first stays where it is",
        Label.INFERRED,
    ),
    Step(
        title="NIM calls it valid",
        label=Label.DOCUMENTED,
        proves="the registration has come to its last state",
        act=nim_licence.registered(VALID),
    ),
)


def run(site: Site) -> Iterator[Observation]:
    """Run the flow; stops at the first step that fails."""
    return run_steps(ID, site, STEPS)


FLOW = Flow(
    id=ID,
    nim_version="2.21.0",
    nim_mode="CONNECTED",
    run=run,
    title="NIM to 2.21, connected: licence, registered with both hosts by NIM itself",
)
