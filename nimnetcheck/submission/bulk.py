"""Steps of the bulk upload to F5, which the flows of disconnected NIMs to 2.21 share: a report in, a receipt out.

Documented on the vendor's page, and done by its script.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.model import Failure, Label
from nimnetcheck.submission import answers
from nimnetcheck.submission.flow import TEEM, Step
from nimnetcheck.submission.folder import digest
from nimnetcheck.submission.handover import Item, hand_over
from nimnetcheck.submission.nim import part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.submission.session import Seen, Session

BULK = f"{TEEM}/ee/v1/entitlements/telemetry/bulk"


def _bulk(session: Session) -> str:
    return session.site.endpoint_url.rstrip("/") or BULK


def upload(session: Session) -> Iterator[Seen]:
    """Hand the report over; it is accepted with a link to its status."""
    request = session.vendor("POST", _bulk(session), upload=part(session.report))
    sha256, size = digest(session.report)
    item = Item(key="report", sha256=sha256, size=size, keeps=("statusLink",))
    seen = hand_over(session, request, item, expected=(202,))
    if seen.failure is None:
        link = seen.data.get("statusLink")
        seen = seen.telling(statusLink=session.hide(str(link)))
        session.report_id = answers.report_id(link)
        if not session.report_id:
            seen = seen.but(Failure.SUBMIT_UNEXPECTED_ANSWER, "its statusLink does not end in a UUID")
    yield seen


def processed(session: Session) -> Iterator[Seen]:
    """Wait until F5 has read all of it, and look whether it took all of it."""

    def look() -> Seen:
        seen = session.ask(session.vendor("GET", f"{_bulk(session)}/status/{session.report_id}"), expected=(200,))
        found = answers.progress(seen.data)
        if seen.failure is not None:
            return seen
        if found is None:
            return seen.but(Failure.SUBMIT_UNEXPECTED_ANSWER, "percentages or readyForDownload missing in the status")
        seen = seen.telling(complete=found.complete, successful=found.successful, ready=found.ready)
        if found.complete == answers.COMPLETE and found.successful < answers.COMPLETE:
            words = f"all of it was read, but only {found.successful:g} % was taken"
            seen = seen.but(Failure.SUBMIT_INCOMPLETE, words)
        return seen

    yield session.poll(look, lambda seen: seen.told.get("complete") == answers.COMPLETE and bool(seen.told["ready"]))


def receipt(session: Session) -> Iterator[Seen]:
    """Fetch the acknowledgement."""
    request = session.vendor("GET", f"{_bulk(session)}/download/{session.report_id}")
    seen = session.ask(request, expected=(200,), into=session.receipt)
    if seen.failure is None:
        seen = session.objected(seen, answers.zip_objection(session.receipt, "acknowledgement"))
    yield seen


STEPS: tuple[Step, ...] = (
    Step(
        title="F5 takes the report",
        label=Label.DOCUMENTED,
        proves="a large POST reaches F5, the licence is accepted there, and the report has an id",
        act=upload,
    ),
    Step(
        title="F5 has processed it",
        label=Label.DOCUMENTED,
        proves="every record was taken, not only received",
        act=processed,
    ),
    Step(
        title="F5 hands out the acknowledgement",
        label=Label.DOCUMENTED,
        proves="the acknowledgement is a whole zip",
        act=receipt,
    ),
)
