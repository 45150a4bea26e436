"""Licence and first report of a disconnected NIM 2.18 or 2.19, which wants the licence confirmed by a second call.

Order, paths, statuses and fields: documented, and done by the vendor's published script.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.model import Label
from nimnetcheck.submission import bulk, nim_licence
from nimnetcheck.submission.flow import Flow, Step, run_steps
from nimnetcheck.submission.nim import fetch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.model import Observation
    from nimnetcheck.submission.flow import Site
    from nimnetcheck.submission.session import Seen, Session

ID = "nim-2.18-first-report"


def _initial(session: Session) -> Iterator[Seen]:
    yield fetch(session, "/report/download?format=zip&reportType=initial")


STEPS = (
    nim_licence.says_version((2, 18), (2, 19)),
    nim_licence.DISCONNECTED,
    nim_licence.ADD,
    nim_licence.REGISTERED,
    nim_licence.CONFIRM,
    nim_licence.CONFIRMED,
    Step(
        title="NIM hands out the first report",
        label=Label.DOCUMENTED,
        proves="the report is a whole zip; what is in it is published nowhere",
        act=_initial,
    ),
    *bulk.STEPS,
    *nim_licence.BACK,
)


def run(site: Site) -> Iterator[Observation]:
    """Run the flow; stops at the first step that fails."""
    return run_steps(ID, site, STEPS)


FLOW = Flow(
    id=ID,
    nim_version="2.19.3",
    run=run,
    title="NIM 2.18 and 2.19, disconnected: licence and its confirmation, first report, acknowledgement",
)
