"""Steps that several flows ask of a NIM."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from nimnetcheck.model import Failure
from nimnetcheck.submission import answers
from nimnetcheck.submission.messages import Upload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.submission.session import Seen, Session

CONNECTED = "CONNECTED"
PART = "file"
FILENAME = "response.zip"


def device_mode(session: Session) -> Iterator[Seen]:
    """Ask for the mode; a connected NIM reports by itself, and a second report by hand would be refused."""
    seen = session.ask(session.nim("GET", "/report/device_mode"), expected=(200,))
    mode = seen.data.get("device_mode")
    if seen.failure is None and not isinstance(mode, str):
        seen = seen.but(Failure.SUBMIT_UNEXPECTED_ANSWER, "no device_mode in the answer")
    elif mode == CONNECTED:
        seen = seen.but(Failure.SUBMIT_UNEXPECTED_ANSWER, "NIM is connected: it reports by itself, nothing to carry")
    yield seen.telling(device_mode=session.hide(str(mode)))


def download_report(session: Session) -> Iterator[Seen]:
    """Fetch the report into the session's file, and look whether it is a zip."""
    request = session.nim("GET", "/report/download?format=zip")
    seen = session.ask(request, expected=(200,), into=session.report)
    if seen.failure is None:
        seen = session.objected(seen, answers.zip_objection(session.report, "report"))
    yield seen


def part(file: IO[bytes]) -> Upload:
    """A file of the session as the multipart part that both NIM and F5 expect."""

    @contextmanager
    def rewound() -> Iterator[IO[bytes]]:
        file.seek(0)
        yield file  # kept open: the session owns it

    size = file.seek(0, os.SEEK_END)
    return Upload(open=rewound, size=size, part=PART, filename=FILENAME)
