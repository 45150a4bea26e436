"""A flow run against both of its far sides, emulated on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.submission.flow import Site

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nimnetcheck.model import Observation
    from nimnetcheck.submission.flow import Flow

INSTANCES = 20


def rehearse(flow: Flow, *, instances: int = INSTANCES, faults: Iterable[str] = ()) -> Iterator[Observation]:
    """Run one flow against the emulator of its NIM version; raises InputError for a fault that does not exist."""
    from nimnetcheck.emulator import running  # noqa: PLC0415 (a web server is slow to import; a real run needs none)

    with running(nim_version=flow.nim_version, instances=instances, faults=faults) as vendor:
        yield from flow.run(Site.emulated(vendor))
