"""The units that send usage as systemd puts them together: the unit's file, its drop-ins, and those for many units."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.site import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FOLDERS = tuple(Path(folder, "systemd/system") for folder in ("/etc", "/run", "/usr/lib"))
"""Where units are, the strongest first: a file of one name hides those of the folders behind it."""


@attrs.frozen
class Setting:
    """One assignment, and the file it stands in."""

    key: str
    value: str
    path: Path


def settings(name: str, folders: Sequence[Path] = FOLDERS) -> tuple[Setting, ...]:
    """The assignments of a service in the order in which they count; none where there is no such unit here."""
    found = _first([f"{name}.service"], folders)
    if not found:
        return ()
    drop_ins = sorted(_drop_ins(name, folders), key=lambda path: path.name)
    return tuple(setting for path in (*found, *drop_ins) for setting in _read(path))


def words(given: Sequence[Setting], key: str) -> tuple[str, ...]:
    """The words of a list that several assignments make together; an empty one begins it anew."""
    found: list[str] = []
    for setting in given:
        if setting.key == key:
            found = [*found, *setting.value.split()] if setting.value else []
    return tuple(found)


def lists(given: Sequence[Setting], key: str) -> tuple[frozenset[str], frozenset[str]]:
    """What a filter lets through (nothing: whatever it does not name), and what it shuts out (`~` in front)."""
    through: set[str] = set()
    out: set[str] = set()
    for setting in given:
        if setting.key != key:
            continue
        names = {name.partition(":")[0] for name in setting.value.lstrip("~").split()}
        if not names:
            through, out = set(), set()
        elif setting.value.startswith("~"):
            through, out = through - names, out | names
        else:
            through, out = through | names, out - names
    return frozenset(through), frozenset(out)


def last(given: Sequence[Setting], key: str) -> Setting | None:
    """The assignment of a key that counts where there are several: the last."""
    return next((setting for setting in reversed(given) if setting.key == key), None)


def _drop_ins(name: str, folders: Sequence[Path]) -> Iterator[Path]:
    """The drop-ins for this unit, for those whose names begin alike (`nms-`), and for every service."""
    parts = name.split("-")
    alike = ["-".join(parts[:count]) + "-" for count in range(1, len(parts))]
    for kind in ("", *alike, name):
        wanted = f"{kind}.service.d" if kind else "service.d"
        names = sorted({path.name for folder in folders for path in (folder / wanted).glob("*.conf")})
        yield from _first(names, [folder / wanted for folder in folders])


def _first(names: Sequence[str], folders: Sequence[Path]) -> list[Path]:
    """Of each name the file in the first folder that has one; one that is empty or /dev/null takes it away."""
    chosen = (next((folder / name for folder in folders if (folder / name).exists()), None) for name in names)
    return [path for path in chosen if path and path.is_file()]


def _read(path: Path) -> Iterator[Setting]:
    """The assignments of a file's [Service] section; a line that ends in a backslash goes on in the next."""
    try:
        content, _ = text.read(path)
    except FileNotFoundError:
        return
    section = ""
    for line in content.replace("\\\n", " ").splitlines():
        stripped = line.strip()
        if stripped.startswith("["):
            section = stripped
        elif section == "[Service]" and "=" in stripped and stripped[0] not in "#;":
            key, _, value = stripped.partition("=")
            yield Setting(key.strip(), value.strip(), path)
