"""A capture as one file: a small tar.gz of texts, of which nothing is ever unpacked to disk."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from nimnetcheck import __version__, archive
from nimnetcheck.errors import InputError
from nimnetcheck.twin.capture.parts import FIREWALLD, NAMES, Facts, assemble
from nimnetcheck.twin.capture.text import decode
from nimnetcheck.twin.capture.value import Unread

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from nimnetcheck.twin.capture.value import Capture, Source

MANIFEST = "manifest.json"
KIND = "nimnetcheck capture 1"
_FIREWALLD = re.compile(re.escape(FIREWALLD) + r"(?:[a-z]+/)?[A-Za-z0-9_.-]+\.(?:xml|conf)")


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
    return archive.pack({name: text.encode() for name, text in texts.items()})


def read(path: Path) -> Capture:
    """A capture that somebody sent; raises InputError for one that is damaged or more than a capture."""
    entries = archive.read(path, CAPTURE)
    try:
        return parse(entries)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def parse(entries: Mapping[str, bytes]) -> Capture:
    """The capture in the files of an archive; raises InputError."""
    if MANIFEST not in entries:
        raise InputError(f"no capture: {MANIFEST} is not in it")
    facts = _facts(entries[MANIFEST])
    return assemble({name: decode(name, data) for name, data in entries.items() if name != MANIFEST}, facts)


def _is_part(name: str) -> bool:
    return name in {MANIFEST, *NAMES} or _FIREWALLD.fullmatch(name) is not None


CAPTURE = archive.Kind(
    what="capture",
    packed_bytes=16 * archive.MEBIBYTE,
    unpacked_bytes=96 * archive.MEBIBYTE,
    files=2_000,
    admits=_is_part,
)


def _facts(data: bytes) -> Facts:
    try:
        manifest = json.loads(decode(MANIFEST, data).text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{MANIFEST} is not JSON") from error
    if not isinstance(manifest, dict) or manifest.get("kind") != KIND:
        raise InputError(f"not a capture that this release reads (kind is not {KIND!r})")
    try:
        return Facts(
            host=_word(manifest["host"]),
            sysctls=_words(manifest["sysctls"]),
            tools=_words(manifest["tools"]),
            unread=tuple(Unread(part=_word(u["part"]), because=_word(u["because"])) for u in manifest["unread"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{MANIFEST} is not a capture's: {error}") from error


def _words(value: Any) -> Mapping[str, str]:  # noqa: ANN401 (JSON)
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return {_word(key): _word(text) for key, text in value.items()}


def _word(value: Any) -> str:  # noqa: ANN401 (JSON)
    if not isinstance(value, str) or not value.isprintable():
        raise ValueError("not a line of text")
    return value
