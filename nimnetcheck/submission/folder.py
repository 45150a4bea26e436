"""Where one submission is kept: its report, its acknowledgement and its journal; temporary files for a rehearsal."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from contextlib import ExitStack, closing, contextmanager
from typing import IO, TYPE_CHECKING

import attrs

from nimnetcheck.errors import InputError
from nimnetcheck.submission.journal import OWNER_ONLY, Journal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REPORT, RECEIPT, JOURNAL = "report.zip", "acknowledgement.zip", "journal.jsonl"
OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
CHUNK_BYTES = 1024 * 1024


@attrs.frozen(kw_only=True)
class Folder:
    """The files of one submission, open; `path` is None where they go when it ends."""

    path: Path | None
    report: IO[bytes]
    receipt: IO[bytes]
    journal: Journal


@contextmanager
def opened(path: Path | None = None) -> Iterator[Folder]:
    """The files in that folder, made where they are missing; raises InputError where it is in use, or not ours alone.

    Without a path they are temporary.
    """
    with ExitStack() as stack:
        if path is None:
            journal = stack.enter_context(closing(Journal()))
            files: list[IO[bytes]] = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(2)]
        else:
            _make(path)
            journal = stack.enter_context(closing(Journal.open(path / JOURNAL)))
            files = [stack.enter_context(_kept(path / name)) for name in (REPORT, RECEIPT)]
        yield Folder(path=path, report=files[0], receipt=files[1], journal=journal)


def digest(file: IO[bytes]) -> tuple[str, int]:
    """SHA-256 and size of a file, which is put on the disk and left at its start."""
    file.flush()
    os.fsync(file.fileno())
    file.seek(0)
    found, size = hashlib.sha256(), 0
    for chunk in iter(lambda: file.read(CHUNK_BYTES), b""):
        found.update(chunk)
        size += len(chunk)
    file.seek(0)
    return found.hexdigest(), size


def _make(path: Path) -> None:
    """The folder, for its owner alone."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = path.stat()
    except OSError as error:
        raise InputError(f"{path}: cannot be made: {error.strerror}") from error
    if found.st_uid != os.geteuid() or found.st_mode & OTHERS_MAY_WRITE:
        raise InputError(f"{path}: others may write there, or own it: use a folder of your own (mode 0700)")


def _kept(path: Path) -> IO[bytes]:
    """A file that stays, readable by its owner; made if it is not there, and never through a link."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, OWNER_ONLY)
    except OSError as error:
        raise InputError(f"{path}: cannot be opened: {error.strerror}") from error
    return os.fdopen(descriptor, "r+b")
