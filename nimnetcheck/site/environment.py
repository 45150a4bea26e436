"""The variables that services get, of their proxy or their trust store: from their units, and as processes have them.

A shell's variables are not a service's. Units are readable by all; the environment of a process only by its user and
by root.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from nimnetcheck.site import text
from nimnetcheck.site.units import FOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SERVICE = re.compile(r"(nms(-[a-z]+)?|nginx)\.service")
PROGRAMS = re.compile(r"nms-[a-z]+|nginx")
PROXY = ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy")
STORE = ("SSL_CERT_FILE", "SSL_CERT_DIR")  # what OpenSSL and Go read
PROC = Path("/proc")
MAX_ENVIRONMENT = 128 * 1024
MAX_FOUND = 20


def of_units(folders: Sequence[Path] = FOLDERS, names: Sequence[str] = PROXY) -> Mapping[str, Mapping[str, str]]:
    """By the path of a unit or its drop-in, the variables of these names that it sets."""
    found: dict[str, Mapping[str, str]] = {}
    for path in _unit_files(folders):
        content, _ = text.read(path)
        variables = {key: value for key, value in _assignments(content) if key in names}
        if variables:
            found[str(path)] = variables
    return dict(list(found.items())[:MAX_FOUND])


def of_processes(proc: Path = PROC, names: Sequence[str] = PROXY) -> Mapping[str, Mapping[str, str]]:
    """By the name of a program that runs, the variables of these names that it has; none of another user's."""
    found: dict[str, Mapping[str, str]] = {}
    for folder in sorted(proc.glob("[0-9]*")):
        try:
            name = (folder / "comm").read_text(encoding="utf-8", errors="replace").strip()
            if not PROGRAMS.fullmatch(name) or name in found:
                continue
            with (folder / "environ").open("rb") as file:
                words = file.read(MAX_ENVIRONMENT).decode("utf-8", "replace").split("\0")
        except OSError:
            continue
        pairs = (word.partition("=") for word in words)
        variables = {key: value for key, _, value in pairs if key in names and value}
        if variables:
            found[name] = variables
    return dict(list(found.items())[:MAX_FOUND])


def _unit_files(folders: Sequence[Path]) -> Iterator[Path]:
    for folder in folders:
        for path in sorted(folder.glob("n*.service")):
            if SERVICE.fullmatch(path.name) and path.is_file():
                yield path
        for drop_in in sorted(folder.glob("n*.service.d/*.conf")):
            if SERVICE.fullmatch(drop_in.parent.name[:-2]) and drop_in.is_file():
                yield drop_in


def _assignments(content: str) -> Iterator[tuple[str, str]]:
    """The variables that `Environment=` lines set, and those of the files that `EnvironmentFile=` names."""
    for line in content.splitlines():
        key, _, value = line.strip().partition("=")
        if key == "Environment":
            yield from _pairs(value)
        elif key == "EnvironmentFile":
            path = Path(value.lstrip("-"))
            try:
                file, _ = text.read(path) if path.is_absolute() else ("", "")
            except FileNotFoundError:
                continue
            for assignment in file.splitlines():
                yield from _pairs(assignment)


def _pairs(words: str) -> Iterator[tuple[str, str]]:
    try:
        parts = shlex.split(words, comments=True)
    except ValueError:
        return
    for part in parts:
        key, _, value = part.partition("=")
        if value:
            yield key, value
