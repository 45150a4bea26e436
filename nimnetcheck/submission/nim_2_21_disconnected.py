"""Licence and first report of a disconnected NIM 2.20 or 2.21: to NIM, to F5, and F5's acknowledgement back to NIM.

Order, paths, statuses and fields: documented, and done by the vendor's published script.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.model import Label
from nimnetcheck.submission import bulk, nim_licence
from nimnetcheck.submission.flow import Flow, Step, run_steps
from nimnetcheck.submission.nim import download_report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.model import Observation
    from nimnetcheck.submission.flow import Site

ID = "nim-2.21-disconnected"
STEPS = (
    nim_licence.says_version((2, 20), (2, 21)),
    nim_licence.DISCONNECTED,
    nim_licence.ADD,
    nim_licence.REGISTERED,
    Step(
        title="NIM hands out the report",
        label=Label.DOCUMENTED,
        proves="the report is a whole zip; what is in it is published nowhere",
        act=download_report,
    ),
    *bulk.STEPS,
    *nim_licence.BACK,
)


def run(site: Site) -> Iterator[Observation]:
    """Run the flow; stops at the first step that fails."""
    return run_steps(ID, site, STEPS)


FLOW = Flow(
    id=ID,
    nim_version="2.21.0",
    run=run,
    title="NIM 2.20 and 2.21, disconnected: licence, first report, acknowledgement",
)
