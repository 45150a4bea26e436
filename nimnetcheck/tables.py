"""TOML read strictly: bounded in size, every key known, every text printable, every refusal with file and line."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any, TypeVar

from nimnetcheck.errors import InputError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import Enum
    from pathlib import Path

Choice = TypeVar("Choice", bound="Enum")
MAX_BYTES = 1 << 20
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")


class Source:
    """One TOML file and where in it things stand."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                raw = file.read(MAX_BYTES + 1)
            if len(raw) > MAX_BYTES:
                raise self.refusal(f"larger than {MAX_BYTES} bytes")
            self.text = raw.decode()
            self.data: dict[str, Any] = tomllib.loads(self.text)
        except OSError as error:
            raise InputError(f"{path}: cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise self.refusal("not UTF-8", line=raw.count(b"\n", 0, error.start) + 1) from error
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            where = re.search(r"line (\d+)", str(error))
            line = int(where[1]) if where else len(self.text.splitlines())
            raise self.refusal(f"not TOML: {error}", line=line) from error

    def only(self, *keys: str) -> None:
        """Refuse any other key at the top."""
        for key in self.data:
            if key not in keys:
                raise self.refusal(f"unknown key {key!r}", line=self.line_of(key))

    def refusal(self, reason: str, *, line: int = 0) -> InputError:
        """The exception that says what is wrong, and where."""
        return InputError(f"{self.path}:{line}: {reason}" if line else f"{self.path}: {reason}")

    def flag(self, key: str) -> bool:
        """A value at the top that is true or false, false where it is not set."""
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            raise self.refusal(f"{key} must be true or false", line=self.line_of(key))
        return value

    def tables(self, name: str) -> list[dict[str, Any]]:
        """The tables `[[name]]`; a plain `[name]` or a value is refused."""
        found = self.data.get(name, [])
        if not isinstance(found, list) or not all(isinstance(table, dict) for table in found):
            raise self.refusal(f"write [[{name}]], in double brackets, once for each", line=self.line_of(name))
        return found

    def line_of(self, table: str, index: int = 0, key: str = "") -> int:
        """The line where the index-th `[[table]]` sets `key`, or where it begins; 0 when it cannot be told."""
        lines = self.text.splitlines()
        heads = [n for n, line in enumerate(lines) if re.match(rf"\s*(\[\[?\s*)?{re.escape(table)}\b", line)]
        if index >= len(heads):
            return 0
        start = heads[index]
        end = next((n for n in range(start + 1, len(lines)) if lines[n].lstrip().startswith("[[")), len(lines))
        within = (n for n in range(start, end) if key and re.match(rf"\s*{re.escape(key)}\s*=", lines[n]))
        return next(within, start) + 1


class Row:
    """One table, its keys taken one by one; what is left over is unknown."""

    def __init__(self, source: Source, table: str, index: int, raw: Mapping[str, Any]) -> None:
        self.raw = dict(raw)
        self._source, self._table, self._index = source, table, index

    def refuse(self, key: str, reason: str) -> InputError:
        """The refusal of this key, with its line."""
        return self._source.refusal(reason, line=self._source.line_of(self._table, self._index, key))

    def text(self, key: str, default: str | None = None) -> str:
        """One line of printable text."""
        value = self.raw.pop(key, default)
        if not isinstance(value, str) or not value.isprintable():
            reason = f"{key} is missing" if value is None else f"{key} must be one line of printable text"
            raise self.refuse(key, reason)
        return value

    def name(self, key: str = "id") -> str:
        """A name that is safe in any file this project writes."""
        value = self.text(key)
        if not _NAME.fullmatch(value):
            raise self.refuse(key, f"{key} {value!r}: use a-z, 0-9, '-' and '.', at most 64")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of printable texts, empty where it is not set."""
        value = self.raw.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.isprintable() for item in value):
            raise self.refuse(key, f"{key} must be a list of strings")
        return tuple(value)

    def choices(self, key: str, kind: type[Choice]) -> tuple[Choice, ...]:
        """A list of members of an enum, by their texts."""
        try:
            return tuple(kind(item) for item in self.texts(key))
        except ValueError as error:
            raise self.refuse(key, f"{key}: {error}") from error

    def nothing_left(self) -> None:
        """Refuse the first key that nobody took."""
        for key in self.raw:
            raise self.refuse(key, f"unknown key {key!r}")
