"""A flow run for the sake of one defect: what was seen of it, and what arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from nimnetcheck.emulator import running
from nimnetcheck.submission import FLOWS, Site

if TYPE_CHECKING:
    from nimnetcheck.emulator import Vendor
    from nimnetcheck.model import Failure, Observation

OLD, NEW = "nim-2.21-disconnected", "nim-2.22-disconnected"


def run(
    flow: str, *faults: str, change: Callable[[Site], Site] = lambda site: site
) -> tuple[list[Observation], Vendor]:
    """The flow against the emulator, on a site changed in one thing."""
    with running(faults=faults, nim_version=FLOWS[flow].nim_version) as vendor:
        return list(FLOWS[flow].run(change(Site.emulated(vendor)))), vendor


def failures(seen: list[Observation]) -> list[Failure]:
    """What failed, in order."""
    return [one.failure for one in seen if one.failure]


def asked(vendor: Vendor, method: str, ending: str) -> int:
    """How often something was asked for."""
    return sum(one.method == method and one.path.endswith(ending) for one in vendor.requests)
