"""What a bundle takes from this host: configuration and logs as texts, and the secrets known to stand in them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from nimnetcheck.site import text
from nimnetcheck.site.host import RESOLV_CONF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nimnetcheck.site import Facts

HOSTS = Path("/etc/hosts")
MAX_LOG_BYTES = 8 * 1024 * 1024  # the end of a log, where the trouble is


def texts(facts: Facts, logs: Iterable[Path] = ()) -> tuple[dict[str, str], tuple[str, ...]]:
    """The files by the names that they get in the bundle, and what could not be read; what is not there is left out."""
    found: dict[str, str] = {}
    problems = []
    configuration = [one.path for one in (facts.nms, facts.mgmt) if one] + [RESOLV_CONF, HOSTS]
    for path, read in [*((path, _whole) for path in configuration), *((path, _end) for path in logs)]:
        content, problem = read(path)
        if problem:
            problems.append(f"not in the bundle: {problem}")
        elif content:
            found[_free(path.name, found)] = content
    return found, tuple(problems)


def secrets(facts: Facts, licence_file: Path | None = None) -> Iterator[str]:
    """What must not stand in a bundle wherever it does: the credentials of the configuration, and the licence."""
    if facts.nms and facts.nms.proxy:
        yield from (facts.nms.proxy.username, facts.nms.proxy.password)
    if facts.mgmt:
        yield from (facts.mgmt.proxy_username, facts.mgmt.proxy_password)
    for path in (licence_file, facts.mgmt.licence_file if facts.mgmt else None):
        if path:
            yield _whole(path)[0].strip()


def _whole(path: Path) -> tuple[str, str]:
    """The text of a file and why it could not be read; neither where there is none."""
    try:
        return text.read(path)
    except FileNotFoundError:
        return "", ""


def _end(path: Path) -> tuple[str, str]:
    """The last part of a log, and why it could not be read."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - MAX_LOG_BYTES))
            return file.read(MAX_LOG_BYTES).decode("utf-8", "replace"), ""
    except OSError as error:
        return "", f"{path}: {error.strerror}"


def _free(name: str, taken: Iterable[str]) -> str:
    """The name, as a bundle may hold it; with a number where another file has it."""
    plain = re.sub(r"[^A-Za-z0-9_.-]", "_", name).lstrip("_.-")[:80] or "file"
    return next(free for free in (plain, *(f"{number}-{plain}" for number in range(2, 1000))) if free not in taken)
