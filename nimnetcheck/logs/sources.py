"""Logs as streams of lines: plain files, .gz, folders, and support packages as tar, tar.gz or zip.

What comes from a customer is hostile: nothing is unpacked to disk, links are not followed, and bytes, files and the
length of a line are bounded. What is too much is refused, or cut where that loses nothing (a line).
"""

from __future__ import annotations

import gzip
import re
import tarfile
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

import attrs

from nimnetcheck.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

USUAL = (Path("/var/log/nms/nms.log"), Path("/var/log/nginx/error.log"))
MEBIBYTE = 1024 * 1024
MAX_BYTES = 512 * MEBIBYTE  # of one source, unpacked
MAX_FILES = 5000
MAX_LINE = 8192
MAX_READ = 16 * MEBIBYTE  # at once: more is asked for only by a header that lies
CHUNK = 64 * 1024
LOG = re.compile(r".*(\.log(\.\d+)?(\.gz)?|journal.*|.*\.journal|license\.json|.*\.txt)", re.IGNORECASE)
BROKEN = (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, gzip.BadGzipFile, ValueError, NotImplementedError)


@attrs.frozen
class Source:
    """One log: its name, to be shown, and its lines."""

    name: str
    lines: Iterable[str]


class Counted:
    """A stream that refuses to give more than its bound."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file, self._name, self._left = file, name, MAX_BYTES

    def read(self, size: int = CHUNK) -> bytes:
        """At most `size` bytes; raises InputError beyond the bound."""
        if size > MAX_READ:
            raise InputError(f"{self._name}: damaged: a header in it asks for {size} bytes at once")
        try:
            data = self._file.read(size if size > 0 else CHUNK)
        except BROKEN as error:
            raise InputError(f"{self._name}: damaged ({type(error).__name__})") from error
        self._left -= len(data)
        if self._left < 0:
            raise InputError(f"{self._name}: more than {MAX_BYTES // MEBIBYTE} MiB, unpacked: give the log files alone")
        return data


def usual() -> tuple[Path, ...]:
    """The logs of this host's NIM and NGINX, those that are there and may be read."""
    return tuple(path for path in USUAL if _is_readable(path))


def sources(paths: Sequence[Path]) -> Iterator[Source]:
    """Every log under these paths, one after the other: each is to be read before the next is asked for.

    Raises: InputError for what cannot be read, is damaged or is too much.
    """
    for path in paths:
        yield from _guarded(path)


def _guarded(path: Path) -> Iterator[Source]:
    try:
        if path.is_dir():
            yield from _folder(path)
        elif _is_tar(path):
            yield from _tar(path)
        elif zipfile.is_zipfile(path):
            yield from _zip(path)
        else:
            with _plain(path) as source:
                yield source
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    except BROKEN as error:
        raise InputError(f"{path}: damaged ({type(error).__name__})") from error


def _is_tar(path: Path) -> bool:
    """Whether a file is a tar, packed by gzip or not, by its first block."""
    with path.open("rb") as file:
        head = file.read(2)
        file.seek(0)
        try:
            block = gzip.GzipFile(fileobj=file).read(512) if head == b"\x1f\x8b" else file.read(512)
        except BROKEN:
            return False
    return block[257:262] == b"ustar"


def lines(stream: Counted) -> Iterator[str]:
    """The lines of a stream; a line that is too long is cut."""
    rest = b""
    while True:
        data = stream.read(CHUNK)
        if not data:
            break
        *whole, rest = (rest + data).split(b"\n")
        for line in whole:
            yield line[:MAX_LINE].decode("utf-8", "replace")
        rest = rest[:MAX_LINE]
    if rest:
        yield rest.decode("utf-8", "replace")


@contextmanager
def _plain(path: Path) -> Iterator[Source]:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        stream: IO[bytes] = gzip.GzipFile(fileobj=file) if packed else file  # type: ignore[assignment]  # reads alike
        yield Source(path.name, lines(Counted(stream, str(path))))


def _folder(folder: Path) -> Iterator[Source]:
    found = [
        path for path in sorted(folder.rglob("*")) if not path.is_symlink() and path.is_file() and _is_log(path.name)
    ]
    if len(found) > MAX_FILES:
        raise InputError(f"{folder}: more than {MAX_FILES} logs: give a folder nearer to them")
    for path in found:
        with _plain(path) as source:
            yield attrs.evolve(source, name=str(path.relative_to(folder)))


def _tar(path: Path) -> Iterator[Source]:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        stream = Counted(gzip.GzipFile(fileobj=file) if packed else file, str(path))  # type: ignore[arg-type]  # reads alike
        with tarfile.open(fileobj=stream, mode="r|") as archive:  # type: ignore[call-overload]  # it only reads
            for number, entry in enumerate(archive):
                if number > MAX_FILES:
                    raise InputError(f"{path}: more than {MAX_FILES} files")
                member = archive.extractfile(entry) if entry.isreg() and _is_log(entry.name) else None
                if member:
                    yield Source(_shown(entry.name), _member_lines(member, entry.name))


def _zip(path: Path) -> Iterator[Source]:
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_FILES:
            raise InputError(f"{path}: more than {MAX_FILES} files")
        for entry in entries:
            if not entry.is_dir() and _is_log(entry.filename):
                with archive.open(entry) as member:
                    yield Source(_shown(entry.filename), _member_lines(member, entry.filename))


def _member_lines(member: IO[bytes], name: str) -> Iterator[str]:
    packed = gzip.GzipFile(fileobj=member) if name.endswith(".gz") else member
    return lines(Counted(packed, _shown(name)))  # type: ignore[arg-type]  # reads alike


def _is_log(name: str) -> bool:
    return bool(LOG.fullmatch(PurePosixPath(name).name))


def _is_readable(path: Path) -> bool:
    try:
        with path.open("rb"):
            return True
    except OSError:
        return False


def _shown(name: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in name[-100:])
