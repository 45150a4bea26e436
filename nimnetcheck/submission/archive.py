"""A zip from elsewhere, taken as hostile: bounded before it is read, read through before it is believed.

Nothing is ever unpacked to disk.
"""

from __future__ import annotations

import zipfile
import zlib
from typing import IO

MAX_DIRECTORY_BYTES = 64 * 1024 * 1024  # the table of contents is read into memory whole
MAX_FILE_BYTES = 1024**3
MAX_TOTAL_BYTES = 8 * 1024**3
CHUNK_BYTES = 64 * 1024
END_BYTES = 22
END_MARK = b"PK\x05\x06"
ZIP64_MARK = b"PK\x06\x07"
LONGEST_COMMENT = 65_535
ENCRYPTED = 0x1
SMALL_BYTES = 1024 * 1024  # below it, no ratio makes a bomb
MAX_RATIO = 100  # a report packs ten to one, a bomb a thousand
SHOWN_CHARACTERS = 100
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


class RefusedError(Exception):
    """Why a zip is not taken, in words; it never leaves this package."""


def opened(file: IO[bytes]) -> zipfile.ZipFile:
    """The zip with its table of contents, within bounds; raises RefusedError and what is in BROKEN."""
    size = _check_directory(file)
    archive = zipfile.ZipFile(file)
    entries = archive.infolist()
    for entry in entries:
        _check_entry(entry)
    total = sum(entry.file_size for entry in entries)
    if total > MAX_TOTAL_BYTES:
        raise RefusedError(f"it unpacks to {total} bytes: more than a report has")
    if sum(entry.compress_size for entry in entries) > size:
        raise RefusedError("a bomb: its files overlap")
    return archive


def refusal(file: IO[bytes]) -> str:
    """Why this is no sound zip; empty when all of it can be read. The file is left at its start.

    What is encrypted is taken as it is: what a report holds is not published.
    """
    try:
        archive = opened(file)
        for entry in archive.infolist():
            if not entry.flag_bits & ENCRYPTED:
                with archive.open(entry) as content:
                    while content.read(CHUNK_BYTES):
                        pass
    except RefusedError as error:
        return str(error)
    except BROKEN as error:
        return f"not a readable zip ({shown(str(error))})"
    finally:
        file.seek(0)
    return ""


def shown(text: str) -> str:
    """Text from a zip, bounded and fit for a screen."""
    return "".join(character if character.isprintable() else "?" for character in text[:SHOWN_CHARACTERS])


def _check_directory(file: IO[bytes]) -> int:
    """Refuse a table of contents that is too large before zipfile reads it; the size of the file."""
    size = file.seek(0, 2)
    file.seek(max(0, size - END_BYTES - LONGEST_COMMENT))
    tail = file.read(END_BYTES + LONGEST_COMMENT)
    file.seek(0)
    at = tail.rfind(END_MARK)
    if size < END_BYTES or at < 0:
        raise RefusedError("not a zip: it has no end record")
    directory = int.from_bytes(tail[at + 12 : at + 16], "little")
    if ZIP64_MARK in tail[max(0, at - 20) : at]:
        raise RefusedError("a zip64 with more files or bytes than a report has")
    if directory > MAX_DIRECTORY_BYTES:
        raise RefusedError("its table of contents is too large")
    return size


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if entry.file_size > MAX_FILE_BYTES:
        raise RefusedError(f"{shown(entry.filename)}: {entry.file_size} bytes, more than a file of a report has")
    if entry.file_size > max(SMALL_BYTES, MAX_RATIO * entry.compress_size):
        raise RefusedError(f"{shown(entry.filename)}: a bomb: {entry.compress_size} bytes unpack to {entry.file_size}")
