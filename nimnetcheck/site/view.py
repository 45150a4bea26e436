"""How the products' view of the network differs from this run's, as far as this run's user may read it.

Another network namespace means that no probe of this run says anything about the product; another trust store, that
certificates may be judged otherwise. The proxies are in nimnetcheck/site/proxies.py, the users in users.py.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from nimnetcheck.site import environment, units
from nimnetcheck.site.confinement import SENDERS
from nimnetcheck.site.environment import PROC, PROGRAMS
from nimnetcheck.site.host import passed
from nimnetcheck.site.security_modules import NGINX

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from nimnetcheck.model import Observation
    from nimnetcheck.site.facts import Facts

TITLE = "The products' view"


def observe(
    facts: Facts,
    proc: Path = PROC,
    folders: Sequence[Path] = units.FOLDERS,
    environ: Mapping[str, str] | None = None,
) -> tuple[Observation, ...]:
    """What differs, under `network` and `store`; nothing where nothing is known to."""
    programs = [name for name in SENDERS.values() if name != NGINX or facts.versions.nginx_plus]
    differs = {
        "network": [*_of_units(programs, folders), *_of_processes(programs, proc)],
        "store": [*_stores(proc, folders, os.environ if environ is None else environ)] if programs else [],
    }
    said = [words for kind in differs.values() for words in kind]
    return (passed(TITLE, "; ".join(said), differs),) if said else ()


def _of_units(programs: Sequence[str], folders: Sequence[Path]) -> Iterator[str]:
    for name in programs:
        setting = units.last(units.settings(name, folders), "NetworkNamespacePath")
        if setting and setting.value:
            yield f"{name} is in the network namespace {setting.value}, by {setting.path}"


def _of_processes(programs: Sequence[str], proc: Path) -> Iterator[str]:
    """The programs of which every process that may be looked at is in another network namespace."""
    own = _namespace(proc / "self")
    found: dict[str, set[str]] = {}
    for folder in sorted(proc.glob("[0-9]*")):
        name, namespace = _name(folder), _namespace(folder)
        if namespace and PROGRAMS.fullmatch(name):
            found.setdefault(name, set()).add(namespace)
    for name, namespaces in found.items():
        is_ours = name.startswith("nms-") or name in programs
        if own and is_ours and own not in namespaces:
            yield f"{name}, as it runs, is in another network namespace ({', '.join(sorted(namespaces))})"


def _stores(proc: Path, folders: Sequence[Path], environ: Mapping[str, str]) -> Iterator[str]:
    """The trust stores that a unit or a process is told, and this run is not."""
    names = environment.STORE
    told = {
        **environment.of_units(folders, names),
        **{f"process {name}": found for name, found in environment.of_processes(proc, names).items()},
    }
    for holder, variables in told.items():
        for name, value in variables.items():
            if environ.get(name) != value:
                yield f"{name}={value} in {holder}; here {environ.get(name) or 'it is not set'}"


def _name(folder: Path) -> str:
    try:
        return (folder / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _namespace(folder: Path) -> str:
    """The network namespace of a process; empty where it may not be looked at."""
    try:
        return str((folder / "ns/net").readlink())
    except OSError:
        return ""
