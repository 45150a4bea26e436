"""Licence and first report of a disconnected NIM 2.20 or 2.21: to NIM, to F5, and F5's acknowledgement back to NIM.

Order, paths, statuses and fields: documented, and done by the vendor's published script.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.model import Failure, Label
from nimnetcheck.submission import answers
from nimnetcheck.submission.flow import TEEM, Flow, Step, run_steps
from nimnetcheck.submission.folder import digest
from nimnetcheck.submission.handover import Item, hand_over
from nimnetcheck.submission.nim import device_mode, download_report, part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.model import Observation
    from nimnetcheck.submission.flow import Site
    from nimnetcheck.submission.session import Seen, Session

ID = "nim-2.21-disconnected"
BULK = f"{TEEM}/ee/v1/entitlements/telemetry/bulk"
FIRST, LAST = (2, 20), (2, 21)
ALREADY = "already registered"
UPLOADED = "Report uploaded successfully."
REGISTERED = frozenset({"INITIALIZE_ACTIVATION_COMPLETE", "CONFIG_REPORT_READY"})


def _bulk(session: Session) -> str:
    return session.site.endpoint_url.rstrip("/") or BULK


def _version(session: Session) -> Iterator[Seen]:
    seen = session.ask(session.nim("GET", "/modules/versions"), expected=(200,))
    found = answers.find(seen.data, "nim")
    number = answers.version(found)
    if seen.failure is None and number is None:
        seen = seen.but(Failure.SUBMIT_UNEXPECTED_ANSWER, "no version of nim in the answer")
    elif number is not None and not FIRST <= number <= LAST:
        words = session.hide(f"this is NIM {found}: the flow is that of 2.20 and 2.21")
        seen = seen.but(Failure.SUBMIT_UNEXPECTED_ANSWER, words)
    yield seen.telling(nim=session.hide(found))


def _licence(session: Session) -> Iterator[Seen]:
    body = {"metadata": {"name": "license"}, "desiredState": {"content": session.site.token}}
    seen = session.ask(session.nim("POST", "/license?telemetry=true", json=body), expected=(202,))
    if seen.status is not None and ALREADY in str(seen.data.get("message", "")):
        seen = seen.accepted()  # an earlier run did it: the state, asked for next, decides
    yield seen


def _state(session: Session) -> Iterator[Seen]:
    def look() -> Seen:
        seen = session.ask(session.nim("GET", "/license"), expected=(200,))
        return seen.telling(state=session.hide(_current(seen)))

    seen = session.poll(look, lambda seen: _current(seen) in REGISTERED)
    yield seen


def _current(seen: Seen) -> str:
    value: object = seen.data
    for key in ("currentStatus", "state", "currentInstance", "status"):
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _upload(session: Session) -> Iterator[Seen]:
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


def _processed(session: Session) -> Iterator[Seen]:
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


def _receipt(session: Session) -> Iterator[Seen]:
    request = session.vendor("GET", f"{_bulk(session)}/download/{session.report_id}")
    seen = session.ask(request, expected=(200,), into=session.receipt)
    if seen.failure is None:
        seen = session.objected(seen, answers.zip_objection(session.receipt, "acknowledgement"))
    yield seen


def _return(session: Session) -> Iterator[Seen]:
    seen = session.ask(session.nim("POST", "/report/upload", upload=part(session.receipt)), expected=(200,))
    if seen.failure is None and seen.data.get("message") != UPLOADED:
        seen = seen.but(Failure.SUBMIT_UNEXPECTED_ANSWER, f'NIM did not say "{UPLOADED}"')
    yield seen


def _licensed(session: Session) -> Iterator[Seen]:
    seen = session.ask(session.nim("GET", "/modules/licensed"), expected=(200,))
    licensed = seen.data.get("licensed") is True
    if seen.failure is None and not licensed:
        seen = seen.but(Failure.SUBMIT_INCOMPLETE, "NIM took the acknowledgement, but does not call itself licensed")
    yield seen.telling(licensed=licensed)


STEPS = (
    Step(
        title="NIM says its version",
        label=Label.DOCUMENTED,
        proves="NIM answers over verified TLS, takes the password, and this flow is the one of its version",
        act=_version,
    ),
    Step(
        title="NIM is disconnected",
        label=Label.INFERRED,  # the field is documented, the word for disconnected is not
        proves="reports are carried by hand: NIM will not send the same usage itself",
        act=device_mode,
    ),
    Step(
        title="NIM takes the licence",
        label=Label.DOCUMENTED,
        proves="NIM accepted the licence for registration",
        act=_licence,
    ),
    Step(
        title="NIM has registered it",
        label=Label.DOCUMENTED,
        proves="the licence is one that NIM can make a report for",
        act=_state,
    ),
    Step(
        title="NIM hands out the report",
        label=Label.DOCUMENTED,
        proves="the report is a whole zip; what is in it is published nowhere",
        act=download_report,
    ),
    Step(
        title="F5 takes the report",
        label=Label.DOCUMENTED,
        proves="a large POST reaches F5, the licence is accepted there, and the report has an id",
        act=_upload,
    ),
    Step(
        title="F5 has processed it",
        label=Label.DOCUMENTED,
        proves="every record was taken, not only received",
        act=_processed,
    ),
    Step(
        title="F5 hands out the acknowledgement",
        label=Label.DOCUMENTED,
        proves="the acknowledgement is a whole zip",
        act=_receipt,
    ),
    Step(
        title="NIM takes the acknowledgement",
        label=Label.DOCUMENTED,
        proves="the round trip is closed",
        act=_return,
    ),
    Step(
        title="NIM is licensed",
        label=Label.INFERRED,  # the field is published; that it turns true here is not
        proves="NIM counts itself as licensed",
        act=_licensed,
    ),
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
