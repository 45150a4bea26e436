"""Steps that several flows ask of a NIM."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from nimnetcheck.errors import InputError
from nimnetcheck.model import Failure
from nimnetcheck.submission import answers
from nimnetcheck.submission.folder import digest
from nimnetcheck.submission.journal import Note, What
from nimnetcheck.submission.messages import Upload
from nimnetcheck.submission.session import Seen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nimnetcheck.submission.session import Session

CONNECTED = "CONNECTED"
KEPT = "report.zip"
PART = "file"
FILENAME = "response.zip"


def ask_mode(session: Session) -> Seen:
    """The exchange in which NIM says its mode; its word stands in `data`."""
    seen = session.ask(session.nim("GET", "/report/device_mode"), expected=(200,))
    mode = seen.data.get("device_mode")
    if seen.failure is None and not isinstance(mode, str):
        seen = seen.but(Failure.SUBMIT_UNEXPECTED_ANSWER, "no device_mode in the answer")
    return seen.telling(device_mode=session.hide(str(mode)))


def device_mode(session: Session) -> Iterator[Seen]:
    """Ask for the mode; a connected NIM reports by itself, and a second report by hand would be refused."""
    seen = ask_mode(session)
    if seen.failure is None and seen.data["device_mode"] == CONNECTED:
        seen = seen.but(Failure.WRONG_MODE, "NIM is connected: it reports by itself, nothing to carry")
    yield seen


def download_report(session: Session) -> Iterator[Seen]:
    """Fetch the report into the session's file, and look whether it is a zip."""
    yield fetch(session, "/report/download?format=zip")


def fetch(session: Session, path: str) -> Seen:
    """The report from NIM, from the file that stands for it, or the one that an earlier run has begun to send."""
    noted = session.folder.journal.last(KEPT)
    sha256, size = digest(session.report)
    given = session.site.report_file
    if noted is not None and given is not None and _sum(given) != noted.sha256:
        raise InputError(f"{session.folder.path}: it is for another report than {given}: use another folder")
    if noted is not None and noted.sha256 == sha256:
        return Seen().telling(earlier="the report that an earlier run began to send", size=size, sha256=sha256[:12])
    if noted is not None:
        raise InputError(
            f"{session.folder.path}: its report is not the one of its journal: begin anew in another folder"
        )
    if given is None:
        seen = session.ask(session.nim("GET", path), expected=(200,), into=session.report)
    else:
        seen = _copied(given, session.report)
    if seen.failure is None:
        seen = session.objected(seen, answers.zip_objection(session.report, "report"))
    if seen.failure is None:
        sha256, size = digest(session.report)
        session.folder.journal.write(Note(what=What.REPORT, key=KEPT, sha256=sha256, size=size), now=True)
    return seen


def _sum(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return digest(file)[0]
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def _copied(path: Path, report: IO[bytes]) -> Seen:
    """The report as a file that the user brought."""
    try:
        with path.open("rb") as file:
            report.seek(0)
            report.truncate()
            shutil.copyfileobj(file, report)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    return Seen().telling(file=path.name)


def part(file: IO[bytes]) -> Upload:
    """A file of the session as the multipart part that both NIM and F5 expect."""

    @contextmanager
    def rewound() -> Iterator[IO[bytes]]:
        file.seek(0)
        yield file  # kept open: the session owns it

    size = file.seek(0, os.SEEK_END)
    return Upload(open=rewound, size=size, part=PART, filename=FILENAME)
