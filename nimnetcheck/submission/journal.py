"""What was done for one submission, noted so that a later run neither repeats nor forgets it.

Append-only, one JSON object a line, no secrets: names, sizes, SHA-256 sums, statuses. `sending` is on the disk before
the last byte of a file leaves: without that byte the other side cannot have taken it. What was taken is noted when the
answer is there. A file whose last note is `sending` may or may not have been taken: see docs/design/005.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING

import attrs

from nimnetcheck import net
from nimnetcheck.errors import InputError
from nimnetcheck.model import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MAX_BYTES = 256 * 1024 * 1024
MAX_LINE_BYTES = 16 * 1024
OWNER_ONLY = 0o600


class What(Text):
    """What a note says of the thing it names."""

    REPORT = "report"  # the report is here, whole, with this sum
    SENDING = "sending"  # all but the last bytes have left
    TAKEN = "taken"  # the answer that counts as acceptance is here
    NOT_TAKEN = "not-taken"  # refused, or it cannot have arrived whole
    UNANSWERED = "unanswered"  # all of it left, and no answer came: tried again, as the vendor's script does
    DECIDED_TAKEN = "decided-taken"  # the user says that it was taken
    DECIDED_SEND = "decided-send"  # the user says to send it again
    COMPLETE = "complete"  # every step of the flow has passed


TAKEN = frozenset({What.TAKEN, What.DECIDED_TAKEN})


@attrs.frozen(kw_only=True)
class Note:
    """One line of a journal; `kept` is what a later run needs of the answer."""

    what: What
    key: str
    sha256: str = ""
    size: int = 0
    status: int | None = None
    kept: Mapping[str, str] = attrs.field(factory=dict)


class Journal:
    """The notes of one submission; with a file they outlive the process. To be closed (`contextlib.closing`)."""

    def __init__(self, descriptor: int | None = None) -> None:
        self._descriptor = descriptor
        self._last: dict[str, Note] = {}
        if descriptor is not None:
            for note in _read(descriptor):
                self._last[note.key] = note

    @classmethod
    def open(cls, path: Path) -> Journal:
        """The journal in that file, made if it is not there; raises InputError: in use, damaged, not to be opened."""
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            descriptor = os.open(path, flags, OWNER_ONLY)
        except OSError as error:
            raise InputError(f"{path}: cannot be opened: {error.strerror}") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return cls(descriptor)
        except OSError as error:
            os.close(descriptor)
            raise InputError(f"{path}: another submission is using it") from error
        except InputError as error:
            os.close(descriptor)
            raise InputError(f"{path}: {error}") from error

    def last(self, key: str) -> Note | None:
        """The last note on something."""
        return self._last.get(key)

    def taken(self) -> int:
        """How many things were taken."""
        return sum(note.what in TAKEN for note in self._last.values())

    def write(self, note: Note, *, now: bool) -> None:
        """Add a note; `now` waits until it is on the disk, otherwise the next such note takes it along.

        A note that a crash of the machine swallows makes a file uncertain, never one that is sent twice.
        """
        self._last[note.key] = note
        if self._descriptor is None:
            return
        shown = attrs.asdict(note, filter=lambda _, value: value not in ("", 0, None, {}))
        line = json.dumps({"at": f"{net.utc_now():%Y-%m-%dT%H:%M:%SZ}", **shown}).encode("ascii") + b"\n"
        try:
            whole = os.write(self._descriptor, line) == len(line)
            if now:
                os.fdatasync(self._descriptor)
        except OSError as error:
            raise InputError(f"the journal cannot be written: {error.strerror}; nothing more is sent") from error
        if not whole:
            raise InputError("the journal cannot be written: the disk is full; nothing more is sent")

    def close(self) -> None:
        """Put everything on the disk and let go of the file."""
        if self._descriptor is not None:
            with suppress(OSError):  # what is then lost makes a file uncertain, nothing worse
                os.fsync(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = None


def _read(descriptor: int) -> Iterator[Note]:
    """The notes in the file; a last line that was cut short is removed, any other damage is refused."""
    size = os.fstat(descriptor).st_size
    if size > MAX_BYTES:
        raise InputError("longer than any journal")
    whole = number = 0
    with open(os.dup(descriptor), "rb") as file:  # noqa: PTH123 (a descriptor, not a path)
        file.seek(0)
        while whole < size:
            line = file.readline(MAX_LINE_BYTES)
            number += 1
            if not line.endswith(b"\n") and whole + len(line) == size:
                os.ftruncate(descriptor, whole)
                return
            yield _parse(line, number)
            whole += len(line)


def _parse(line: bytes, number: int) -> Note:
    try:
        given = json.loads(line)
        given.pop("at")
        return Note(**{**given, "what": What(given["what"]), "key": str(given["key"])})
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise InputError(f"damaged in line {number}: keep it, and begin anew in another folder") from error
