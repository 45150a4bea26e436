"""Text from outside: bounded, without control characters, refused with file, line and reason."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, NoReturn

from nimnetcheck.errors import InputError
from nimnetcheck.twin.capture.value import Source

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 32 * 1024 * 1024  # ten times the ruleset of a large Kubernetes node
MAX_LINES = 500_000
SHOWN_CHARACTERS = 60
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# Windows writes its redirected output so.
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def read(path: Path) -> Source:
    """A file as it came out of an e-mail; raises InputError."""
    try:
        with path.open("rb") as file:
            return decode(str(path), file.read(MAX_BYTES + 1))
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def decode(name: str, data: bytes) -> Source:
    """The text of a file with its lines where they were; raises InputError for what no firewall tool prints."""
    if len(data) > MAX_BYTES:
        raise InputError(f"{name}: more than {MAX_BYTES // 1024**2} MiB, which is no firewall's text")
    mark, encoding = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", "utf-8"))
    text = data[len(mark) :].decode(encoding, "replace").replace("\r\n", "\n")
    source = Source(file=name, text=text)
    control = _CONTROL.search(text)
    if control:
        refuse(source, text.count("\n", 0, control.start()) + 1, f"the control character {control.group()!r}")
    if text.count("\n") > MAX_LINES:
        raise InputError(f"{name}: more than {MAX_LINES} lines, which is no firewall's text")
    return source


def refuse(source: Source, line: int, reason: str) -> NoReturn:
    """Say where and why a text is not taken."""
    raise InputError(f"{source.file}:{line}: {reason}")


def shown(text: str) -> str:
    """A piece of foreign text, short enough for one line."""
    text = text.strip()
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"


def printable(text: str) -> str:
    """Foreign text on one line, with a mark for what no terminal should get."""
    return "".join(character if character.isprintable() else "?" for character in text)
