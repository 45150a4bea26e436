"""The finished files of rules/: every profile, backend and mode, for hosts that have no Python.

`python -m nimnetcheck.firewall.finished [--check] DIR` writes them, or names the stale ones and ends with 1. What it
writes depends on the catalogue and the version alone, so that the same source gives the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from nimnetcheck import __version__
from nimnetcheck.catalogue import load
from nimnetcheck.firewall import BACKENDS, Mode, build

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MADE_AT = f"finished file, nimnetcheck {__version__}"
ENDINGS = (".nft", ".sh")


def files() -> Mapping[str, str]:
    """Path below the folder -> text, for the packaged catalogue."""
    catalogue = load()
    texts = {}
    for profile in catalogue.profiles:
        endpoints = catalogue.endpoints_for([profile.id])
        for name, backend in BACKENDS.items():
            for mode in Mode:
                policy = build(endpoints, mode=mode, profiles=(profile.id,), made_at=MADE_AT)
                texts[f"{profile.id}/{name}-{mode}{backend.suffix(mode)}"] = backend.render(policy)
    return texts


def stale(folder: Path) -> tuple[str, ...]:
    """The files that are missing, differ, or belong to no profile, backend and mode any more."""
    wanted = files()
    wrong = [name for name, text in wanted.items() if not _equal(folder / name, text)]
    return tuple(sorted([*wrong, *(set(_present(folder)) - set(wanted))]))


def write(folder: Path) -> None:
    """Write every file and take away what is none of them; README.md is written by hand and stays."""
    wanted = files()
    for name, text in wanted.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name in set(_present(folder)) - set(wanted):
        (folder / name).unlink()


def _equal(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def _present(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in folder.glob("*/*") if path.suffix in ENDINGS]


def main(arguments: Sequence[str]) -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="finished", description="Write rules/ anew, or say what of it is stale.")
    parser.add_argument("--check", action="store_true", help="write nothing; end with 1 when a file is stale")
    parser.add_argument("folder", metavar="DIR", type=Path)
    given = parser.parse_args(arguments)
    if not given.check:
        write(given.folder)
        return 0
    wrong = stale(given.folder)
    for name in wrong:
        sys.stderr.write(f"{given.folder / name} is stale: run make rules\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
