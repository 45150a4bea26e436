"""A flow run against both of its far sides, emulated on this machine."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from nimnetcheck.submission.flow import Site

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nimnetcheck.emulator import Vendor
    from nimnetcheck.model import Observation
    from nimnetcheck.submission.flow import Flow

INSTANCES = 20


@contextmanager
def emulation(flow: Flow, *, instances: int = INSTANCES, faults: Iterable[str] = ()) -> Iterator[tuple[Vendor, Site]]:
    """Both far sides of a flow, emulated as it needs them; raises InputError for a fault that does not exist."""
    from nimnetcheck.emulator import running  # noqa: PLC0415 (a web server is slow to import; a real run needs none)

    with running(
        nim_version=flow.nim_version,
        nim_mode=flow.nim_mode,
        nim_through_proxy=flow.nim_through_proxy,
        instances=instances,
        faults=faults,
    ) as vendor:
        yield vendor, Site.emulated(vendor)


def rehearse(flow: Flow, *, instances: int = INSTANCES, faults: Iterable[str] = ()) -> Iterator[Observation]:
    """Run one flow against the emulator of its NIM version; raises InputError for a fault that does not exist."""
    with emulation(flow, instances=instances, faults=faults) as (_, site):
        yield from flow.run(site)
