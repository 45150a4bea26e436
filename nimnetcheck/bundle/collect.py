"""What a bundle takes from this host: configuration and logs as texts, and the secrets known to stand in them."""

from __future__ import annotations

import re
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nimnetcheck.errors import InputError
from nimnetcheck.logs.sources import sources
from nimnetcheck.probe.certificates import pem
from nimnetcheck.site import text
from nimnetcheck.site.host import RESOLV_CONF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nimnetcheck.model import Observation
    from nimnetcheck.site.facts import Facts

HOSTS = Path("/etc/hosts")
MAX_LOG_LINES = 50_000  # the last ones of each log, where the trouble is


def texts(facts: Facts, logs: Iterable[Path] = ()) -> tuple[dict[str, str], tuple[str, ...]]:
    """The files by the names that they get in the bundle, and what could not be read; what is not there is left out."""
    found: dict[str, str] = {}
    problems = []
    configuration = [*(one.path for one in (facts.nms, facts.mgmt) if one), RESOLV_CONF, HOSTS]
    for path in configuration:
        content, problem = _whole(path)
        if problem:
            problems.append(f"not in the bundle: {problem}")
        elif content:
            found[_free(path.name, found)] = content
    try:
        for source in sources(tuple(logs)):
            found[_free(source.name, found)] = "\n".join(deque(source.lines, MAX_LOG_LINES)) + "\n"
    except InputError as error:
        problems.append(f"not in the bundle: {error}")
    return found, tuple(problems)


def described(observations: Iterable[Observation]) -> Iterator[Mapping[str, Any]]:
    """What the observations say of each certificate, as often as they say it."""
    for seen in observations:
        chain = seen.evidence.get("chain")
        for one in [*(chain if isinstance(chain, (list, tuple)) else ()), seen.evidence.get("anchor")]:
            if isinstance(one, dict) and isinstance(one.get("sha256"), str):
                yield one


def certificates(observations: Iterable[Observation]) -> dict[str, str]:
    """The certificates that were presented in this process, as PEM by their SHA-256."""
    names = dict.fromkeys(one["sha256"] for one in described(observations))
    return {name: found for name in names if (found := pem(name))}


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


def _free(name: str, taken: Iterable[str]) -> str:
    """The name, as a bundle may hold it; with a number where another file has it."""
    plain = re.sub(r"[^A-Za-z0-9_.-]", "_", name.rpartition("/")[2]).lstrip("_.-")[:80] or "file"
    return next(free for free in (plain, *(f"{number}-{plain}" for number in range(2, 1000))) if free not in taken)
