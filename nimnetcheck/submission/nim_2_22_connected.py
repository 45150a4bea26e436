"""Usage through a connected NIM 2.22: an instance reports to NIM, NIM posts it to F5's batch endpoint.

What F5 sees is emulated; on a real NIM its log tells, in the documented words that this flow looks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.model import Label
from nimnetcheck.submission import connected, nim_licence, plus, stage
from nimnetcheck.submission.flow import Flow, Step, run_steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.model import Observation
    from nimnetcheck.submission.flow import Site
    from nimnetcheck.submission.session import Seen, Session

ID = "nim-2.22-connected"
NEWEST = (9999, 0)
LOG_LINE = "[NC-POST] NC response status=2"


def _relay(session: Session) -> Iterator[Seen]:
    yield plus.ask(session, plus.to_nim(session))


def _log(session: Session) -> Iterator[Seen]:
    yield from stage.logged(session, LOG_LINE)


STEPS = (
    nim_licence.says_version((2, 22), NEWEST),
    connected.MODE,
    Step(
        title="NIM takes an instance's report",
        label=Label.INFERRED,  # that NGINX Plus may report to a NIM is documented, path and headers are not
        proves="NGINX Plus can report to this NIM on port 443",
        act=_relay,
    ),
    connected.arrival(
        "batch",
        "product.connect.nginx.com",
        "F5 takes the batch from NIM",
        "NIM reaches product.connect.nginx.com by itself, and its batch is accepted",
        Label.DOCUMENTED,
    ),
    Step(
        title="NIM's log says so",
        label=Label.DOCUMENTED,
        proves="this is the line to look for in /var/log/nms/nms.log; the batch was accepted",
        act=_log,
    ),
)


def run(site: Site) -> Iterator[Observation]:
    """Run the flow; stops at the first step that fails."""
    return run_steps(ID, site, STEPS)


FLOW = Flow(
    id=ID,
    nim_version="2.22.0",
    nim_mode="CONNECTED",
    run=run,
    title="NIM 2.22, connected: NGINX Plus to NIM, and NIM to the batch endpoint",
)
