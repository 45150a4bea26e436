"""Which flow a real submission takes: by the version that its NIM says, or by what is in the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.errors import InputError
from nimnetcheck.model import Failure, Label
from nimnetcheck.submission import answers, export
from nimnetcheck.submission.flow import Step, run_steps

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from nimnetcheck.model import Observation
    from nimnetcheck.submission.flow import Flow, Site
    from nimnetcheck.submission.session import Seen, Session

SUBJECT = "nim"
FIRST, BULK, BATCH = "nim-2.18-first-report", "nim-2.21-disconnected", "nim-2.22-disconnected"
# The first version of each generation, the newest first.
SINCE: tuple[tuple[tuple[int, int], str], ...] = (((2, 22), BATCH), ((2, 20), BULK), ((2, 18), FIRST))


def submit(site: Site, flows: Mapping[str, Flow]) -> Iterator[Observation]:
    """Run the flow that fits the site's NIM or its report; raises InputError for a report that fits none."""
    if site.report_file is not None:
        yield from _fitting(of_report(site.report_file), site, flows).run(site)
        return
    flow = ""
    for seen in run_steps(SUBJECT, site, (VERSION,), concludes=False):
        response = seen.evidence.get("response")
        flow = str(response.get("flow", "")) if isinstance(response, dict) and not seen.failure else ""
        yield seen
    if flow:
        yield from _fitting(flow, site, flows).run(site)


def _fitting(flow: str, site: Site, flows: Mapping[str, Flow]) -> Flow:
    """The flow, if the site has what it needs."""
    if flow != BATCH and site.submits and site.licence is None:
        raise InputError("a report of NIM 2.21 or older goes with the subscription's licence: give --license FILE")
    return flows[flow]


def of_version(number: tuple[int, int]) -> str:
    """The flow of a NIM version, or nothing where there is none."""
    return next((flow for since, flow in SINCE if number >= since), "")


def of_report(path: Path) -> str:
    """The flow that a report is for: an export of 2.22 holds usage files, whatever is older is opaque."""
    try:
        with path.open("rb") as file:
            return BATCH if export.looks_like_one(file) else BULK
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def _version(session: Session) -> Iterator[Seen]:
    seen = session.ask(session.nim("GET", "/modules/versions"), expected=(200,))
    found = answers.find(seen.data, "nim")
    number = answers.version(found)
    flow = of_version(number) if number else ""
    if seen.failure is None and number is None:
        seen = seen.but(Failure.SUBMIT_UNEXPECTED_ANSWER, "no version of nim in the answer")
    elif seen.failure is None and not flow:
        words = session.hide(f"this is NIM {found}: it hands out no report of any kind that is known here")
        seen = seen.but(Failure.SUBMIT_UNEXPECTED_ANSWER, words)
    yield seen.telling(nim=session.hide(found), flow=flow)


VERSION = Step(
    title="NIM says its version",
    label=Label.DOCUMENTED,
    proves="NIM answers over verified TLS and takes the password, and it is known how it reports",
    act=_version,
)
