"""The export of a NIM 2.22, taken as hostile: a zip with `<group>/<token-dir>/jwt.txt` and `usage*.gzip` beside it.

Read whole once before anything of it is sent, so that a damaged one is refused and not half submitted. Nothing is ever
unpacked to disk. Layout: the vendor's published upload script walks exactly two levels.
"""

from __future__ import annotations

import hashlib
import re
import stat
import zipfile
from typing import IO, TYPE_CHECKING

import attrs

from nimnetcheck.submission import archive
from nimnetcheck.submission.archive import BROKEN, CHUNK_BYTES, ENCRYPTED, RefusedError, shown
from nimnetcheck.submission.token import MAX_BYTES, objection

if TYPE_CHECKING:
    from collections.abc import Mapping

DEPTH = 3
GZIP_MAGIC = b"\x1f\x8b"
TOKEN_NAME = "jwt.txt"  # noqa: S105 (a file name)
USAGE_NAME = re.compile(r"usage.*\.gzip")


@attrs.frozen(kw_only=True)
class Usage:
    """One usage file and the token it is reported under; `size` in bytes, `sha256` of them."""

    name: str
    size: int
    sha256: str
    token: str = attrs.field(repr=False)
    archive: zipfile.ZipFile = attrs.field(repr=False, eq=False)

    def open(self) -> IO[bytes]:
        """The file's bytes from the start, as a stream; each attempt opens its own."""
        return self.archive.open(self.name)


@attrs.frozen(kw_only=True)
class Export:
    """What an export holds, or why it was refused."""

    usages: tuple[Usage, ...] = ()
    refusal: str = ""


def walk(file: IO[bytes]) -> Export:
    """List the usage files of an export; the file must stay open while they are read."""
    try:
        return Export(usages=_usages(archive.opened(file)))
    except RefusedError as error:
        return Export(refusal=str(error))
    except BROKEN as error:
        return Export(refusal=f"not a readable zip ({shown(str(error))})")


def looks_like_one(file: IO[bytes]) -> bool:
    """Whether tokens or usage files are listed in it, sound or not; what is no zip lists nothing."""
    try:
        names = archive.opened(file).namelist()
    except (RefusedError, *BROKEN):
        return False
    bases = [name.rpartition("/")[2] for name in names]
    return any(base == TOKEN_NAME or USAGE_NAME.fullmatch(base) for base in bases)


def _usages(opened: zipfile.ZipFile) -> tuple[Usage, ...]:
    entries = _entries(opened)
    tokens = {name.rpartition("/")[0]: _token(opened, info) for name, info in entries.items() if _is_token(name)}
    found = []
    for name, info in sorted(entries.items()):
        if _is_token(name):
            continue
        folder = name.rpartition("/")[0]
        if folder not in tokens:
            raise RefusedError(f"{shown(name)}: no {TOKEN_NAME} beside it")
        sha256 = _digest(opened, info)
        found.append(Usage(name=name, size=info.file_size, sha256=sha256, token=tokens[folder], archive=opened))
    if not found:
        raise RefusedError("it holds no usage file")
    return tuple(found)


def _entries(opened: zipfile.ZipFile) -> Mapping[str, zipfile.ZipInfo]:
    """The tokens and usage files by name; what else stands in an export is checked and left alone."""
    found: dict[str, zipfile.ZipInfo] = {}
    for info in opened.infolist():
        _check_entry(info)
        base = info.filename.rpartition("/")[2]
        if base != TOKEN_NAME and not USAGE_NAME.fullmatch(base):
            continue
        if info.filename.count("/") + 1 != DEPTH:
            raise RefusedError(f"{shown(info.filename)}: not two levels deep")
        if info.filename in found:
            raise RefusedError(f"{shown(info.filename)}: twice in it")
        found[info.filename] = info
    return found


def _check_entry(info: zipfile.ZipInfo) -> None:
    name = info.orig_filename
    parts = name.rstrip("/").split("/")
    mode = info.external_attr >> 16
    if "\\" in name or ":" in name or not name.isprintable() or any(part in {"", ".", ".."} for part in parts):
        raise RefusedError(f"{shown(name)}: a name that leads elsewhere")
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise RefusedError(f"{shown(name)}: a link or a device")
    if info.flag_bits & ENCRYPTED:
        raise RefusedError(f"{shown(name)}: encrypted")
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise RefusedError(f"{shown(name)}: packed in an unusual way")


def _is_token(name: str) -> bool:
    return name.rpartition("/")[2] == TOKEN_NAME


def _token(opened: zipfile.ZipFile, info: zipfile.ZipInfo) -> str:
    """The token of a folder; only what may stand in a header is one."""
    if info.file_size > MAX_BYTES:
        raise RefusedError(f"{shown(info.filename)}: too large for a token")
    text = opened.read(info).decode("ascii", "replace").strip()
    if objection(text):
        raise RefusedError(f"{shown(info.filename)}: not a token")
    return text


def _digest(opened: zipfile.ZipFile, info: zipfile.ZipInfo) -> str:
    """Read it through: gzip by its first bytes, whole by its checksum; and what it amounts to."""
    with opened.open(info) as entry:
        start = entry.read(len(GZIP_MAGIC))
        if start != GZIP_MAGIC:
            raise RefusedError(f"{shown(info.filename)}: not gzip")
        found = hashlib.sha256(start)
        for chunk in iter(lambda: entry.read(CHUNK_BYTES), b""):
            found.update(chunk)
    return found.hexdigest()
