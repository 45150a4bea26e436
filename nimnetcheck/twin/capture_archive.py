"""A capture as one file: a small tar.gz of texts, of which nothing is ever unpacked to disk."""

from __future__ import annotations

import gzip
import io
import json
import re
import tarfile
import zlib
from typing import TYPE_CHECKING, Any

from nimnetcheck import __version__
from nimnetcheck.errors import InputError
from nimnetcheck.twin.capture import Unread
from nimnetcheck.twin.capture_parts import FIREWALLD, NAMES, Facts, assemble
from nimnetcheck.twin.capture_text import decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from nimnetcheck.twin.capture import Capture, Source

MAX_PACKED_BYTES = 16 * 1024 * 1024
MAX_BYTES = 96 * 1024 * 1024
MAX_FILES = 2_000
MANIFEST = "manifest.json"
KIND = "nimnetcheck capture 1"
_FIREWALLD = re.compile(re.escape(FIREWALLD) + r"(?:[a-z]+/)?[A-Za-z0-9_.-]+\.(?:xml|conf)")
_GZIP = 31  # zlib's word for a gzip header


def pack(parts: Mapping[str, Source], facts: Facts) -> bytes:
    """The archive's bytes; the same for the same capture."""
    manifest = {
        "kind": KIND,
        "made_by": f"nimnetcheck {__version__}",
        "host": facts.host,
        "tools": dict(facts.tools),
        "sysctls": dict(facts.sysctls),
        "unread": [{"part": unread.part, "because": unread.because} for unread in facts.unread],
    }
    texts = {MANIFEST: json.dumps(manifest, indent=2) + "\n", **{name: part.text for name, part in parts.items()}}
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, text in texts.items():
            data = text.encode()
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), 0o600
            archive.addfile(entry, io.BytesIO(data))
    return gzip.compress(packed.getvalue(), mtime=0)


def read(path: Path) -> Capture:
    """A capture that somebody sent; raises InputError for one that is damaged or more than a capture."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_PACKED_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    if len(data) > MAX_PACKED_BYTES:
        raise InputError(f"{path}: more than {MAX_PACKED_BYTES // 1024**2} MiB, which no capture has")
    entries = dict(_entries(path, _unpacked(path, data)))
    if MANIFEST not in entries:
        raise InputError(f"{path}: no capture: {MANIFEST} is not in it")
    facts = _facts(path, entries.pop(MANIFEST))
    try:
        return assemble({name: decode(name, content) for name, content in entries.items()}, facts)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def _unpacked(path: Path, data: bytes) -> bytes:
    """The tar in memory, never more of it than a capture may have."""
    unpacker = zlib.decompressobj(_GZIP)
    try:
        content = unpacker.decompress(data, MAX_BYTES)
    except zlib.error as error:
        raise InputError(f"{path}: not a capture: not gzip") from error
    if unpacker.unconsumed_tail:
        raise InputError(f"{path}: it unpacks to more than {MAX_BYTES // 1024**2} MiB, which no capture does")
    if not unpacker.eof:
        raise InputError(f"{path}: cut short")
    return content


def _entries(path: Path, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file; whatever is not a plain file of a capture refuses the whole."""
    seen: set[str] = set()
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
            for entry in archive:
                name = entry.name
                if entry.type not in {tarfile.REGTYPE, tarfile.AREGTYPE} or entry.pax_headers:
                    raise InputError(f"{path}: {name!r} is not a plain file")
                if name not in {MANIFEST, *NAMES} and not _FIREWALLD.fullmatch(name):
                    raise InputError(f"{path}: {name!r} is no part of a capture")
                if name in seen or len(seen) == MAX_FILES:
                    raise InputError(f"{path}: {name!r} is one file too many")
                seen.add(name)
                file = archive.extractfile(entry)
                yield name, file.read() if file else b""
    except (tarfile.TarError, ValueError, EOFError, RecursionError) as error:
        raise InputError(f"{path}: not a capture: not a whole tar ({error})") from error


def _facts(path: Path, data: bytes) -> Facts:
    try:
        manifest = json.loads(decode(MANIFEST, data).text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: {MANIFEST} is not JSON") from error
    if not isinstance(manifest, dict) or manifest.get("kind") != KIND:
        raise InputError(f"{path}: not a capture that this release reads (kind is not {KIND!r})")
    try:
        return Facts(
            host=_word(manifest["host"]),
            sysctls=_words(manifest["sysctls"]),
            tools=_words(manifest["tools"]),
            unread=tuple(Unread(part=_word(u["part"]), because=_word(u["because"])) for u in manifest["unread"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path}: {MANIFEST} is not a capture's: {error}") from error


def _words(value: Any) -> Mapping[str, str]:  # noqa: ANN401 (JSON)
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return {_word(key): _word(text) for key, text in value.items()}


def _word(value: Any) -> str:  # noqa: ANN401 (JSON)
    if not isinstance(value, str) or not value.isprintable():
        raise ValueError("not a line of text")
    return value
