"""A small tar.gz of plain files, made and read in memory: bounded, and nothing is ever unpacked to disk."""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from typing import TYPE_CHECKING, Callable

import attrs

from nimnetcheck.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MEBIBYTE = 1024 * 1024
OWNER_ONLY = 0o600
_GZIP = 31  # zlib's word for a gzip header


@attrs.frozen(kw_only=True)
class Kind:
    """What such a file is called, how large it may be in bytes, and which names may stand in it."""

    what: str
    packed_bytes: int
    unpacked_bytes: int
    files: int
    admits: Callable[[str], bool]


def pack(files: Mapping[str, bytes]) -> bytes:
    """The archive of these files, in their order; the same files make the same bytes."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), OWNER_ONLY
            archive.addfile(entry, io.BytesIO(data))
    return gzip.compress(packed.getvalue(), mtime=0)


def read(path: Path, kind: Kind) -> dict[str, bytes]:
    """The files of an archive that somebody sent; raises InputError for one that is damaged or more than its kind."""
    try:
        with path.open("rb") as file:
            data = file.read(kind.packed_bytes + 1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        return unpack(data, kind)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def unpack(data: bytes, kind: Kind) -> dict[str, bytes]:
    """The files of an archive's bytes; raises InputError."""
    if len(data) > kind.packed_bytes:
        raise InputError(f"more than {kind.packed_bytes // MEBIBYTE} MiB, which no {kind.what} has")
    return dict(_entries(_unpacked(data, kind), kind))


def _unpacked(data: bytes, kind: Kind) -> bytes:
    """The tar in memory, never more of it than its kind may have."""
    unpacker = zlib.decompressobj(_GZIP)
    try:
        content = unpacker.decompress(data, kind.unpacked_bytes)
    except zlib.error as error:
        raise InputError(f"not a {kind.what}: not gzip") from error
    if unpacker.unconsumed_tail:
        raise InputError(f"it unpacks to more than {kind.unpacked_bytes // MEBIBYTE} MiB, which no {kind.what} does")
    if not unpacker.eof:
        raise InputError("cut short")
    return content


def _entries(content: bytes, kind: Kind) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file; whatever is not a plain file of its kind refuses the whole."""
    seen: set[str] = set()
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
            for entry in archive:
                name = entry.name
                if entry.type not in {tarfile.REGTYPE, tarfile.AREGTYPE} or entry.pax_headers:
                    raise InputError(f"{name!r} is not a plain file")
                if not kind.admits(name):
                    raise InputError(f"{name!r} is no part of a {kind.what}")
                if name in seen or len(seen) == kind.files:
                    raise InputError(f"{name!r} is one file too many")
                seen.add(name)
                file = archive.extractfile(entry)
                yield name, file.read() if file else b""
    except (tarfile.TarError, ValueError, EOFError, RecursionError) as error:
        raise InputError(f"not a {kind.what}: not a whole tar ({error})") from error
