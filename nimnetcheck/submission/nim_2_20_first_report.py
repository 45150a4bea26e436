"""Licence and first report of a disconnected NIM 2.20: as with 2.21, and the first without a second licence call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.submission.flow import Flow, run_steps
from nimnetcheck.submission.nim_2_21_disconnected import STEPS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.model import Observation
    from nimnetcheck.submission.flow import Site

ID = "nim-2.20-first-report"


def run(site: Site) -> Iterator[Observation]:
    """Run the flow; stops at the first step that fails."""
    return run_steps(ID, site, STEPS)


FLOW = Flow(
    id=ID,
    nim_version="2.20.1",
    run=run,
    title="NIM 2.20, disconnected: licence, first report, acknowledgement",
)
