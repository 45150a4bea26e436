"""Usage of a disconnected NIM 2.22: its export, then every usage file to F5 under the token it stands beside.

Paths, headers, accepted and final statuses, five attempts: documented by the vendor's published script.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.model import Failure, Label
from nimnetcheck.submission import export
from nimnetcheck.submission.flow import CONNECT, Flow, Step, run_steps
from nimnetcheck.submission.handover import Item, hand_over
from nimnetcheck.submission.messages import Upload
from nimnetcheck.submission.nim import device_mode, download_report
from nimnetcheck.submission.session import HeldError, Seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.model import Observation
    from nimnetcheck.submission.flow import Site
    from nimnetcheck.submission.session import Session

ID = "nim-2.22-disconnected"
BATCH = f"{CONNECT}/api/nginx-usage/batch"
ACCEPTED = (200, 201, 204)


def _walk(session: Session) -> Iterator[Seen]:
    found = export.walk(session.report)
    session.usages = found.usages
    size = sum(usage.size for usage in found.usages)
    tokens = {usage.token for usage in found.usages}
    seen = Seen().telling(files=len(found.usages), size=size, tokens=len(tokens))
    if found.refusal:
        seen = seen.but(Failure.SUBMIT_UNEXPECTED_ANSWER, f"the export: {found.refusal}")
    yield seen


def _send(session: Session) -> Iterator[Seen]:
    """Send every file, also after one was refused: each is accepted or not by itself."""
    for usage in session.usages:
        try:
            seen = _send_one(session, usage)
        except HeldError as held:
            seen = held.seen
        yield seen.telling(file=session.hide(usage.name), size=usage.size)


def _send_one(session: Session, usage: export.Usage) -> Seen:
    upload = Upload(open=usage.open, size=usage.size, content_type="application/gzip", filename=usage.name)
    request = session.vendor("POST", session.site.endpoint_url or BATCH, token=usage.token, upload=upload)
    item = Item(key=usage.name, sha256=usage.sha256, size=usage.size)
    return hand_over(session, request, item, expected=ACCEPTED, wants_json=False)


STEPS = (
    Step(
        title="NIM is disconnected",
        label=Label.INFERRED,  # the field is documented, the word for disconnected is not
        proves="NIM answers over verified TLS, takes the password, and does not send the same usage itself",
        act=device_mode,
    ),
    Step(
        title="NIM hands out the export",
        label=Label.DOCUMENTED,
        proves="the export is a whole zip",
        act=download_report,
    ),
    Step(
        title="The export holds usage files",
        label=Label.DOCUMENTED,
        proves="every usage file is whole and has its token beside it, two levels deep",
        act=_walk,
    ),
    Step(
        title="F5 takes a usage file",
        label=Label.DOCUMENTED,
        proves="a POST with this token and this file is accepted; nothing is acknowledged beyond the status",
        act=_send,
    ),
)


def run(site: Site) -> Iterator[Observation]:
    """Run the flow; stops at the first step that fails."""
    return run_steps(ID, site, STEPS)


FLOW = Flow(
    id=ID,
    nim_version="2.22.0",
    run=run,
    title="NIM 2.22, disconnected: one POST for each usage file of its export",
)
