"""The tree keeps its promises: tests mirror the package, files stay short, names say what they hold."""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from nimnetcheck.cli import COMMANDS

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "nimnetcheck"
LONGEST = 220
LONGER_WITH_REASON: dict[str, str] = {
    "nimnetcheck/model.py": "the words of the whole project in one place, each of them short",
}
EMPTY_NAMES = re.compile(r"(^|_)(utils?|helpers?|managers?|misc|common|v\d+|new|old)($|_)")
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.stem not in {"__init__", "__main__"})
SOURCES = sorted([*PACKAGE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")])
# Written in halves so that this file does not hold what it looks for.
MACHINE_PATHS = ("/work/" + "main", "/work/" + "shared", "../" + "shared", "/nnc/" + "clone", "/root/" + ".pyenv")
REGISTRIES = ("pypi" + ".org", "pythonhosted" + ".org", "deb.debian" + ".org", "registry.npmjs" + ".org")


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _tracked() -> list[Path]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so nothing says which files are the project's")
    listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("module", MODULES, ids=_name)
def test_every_module_has_its_test_file(module: Path) -> None:
    mirror = ROOT / "tests" / module.relative_to(PACKAGE).parent / f"test_{module.stem}.py"
    assert mirror.is_file(), f"{_name(module)} has no {_name(mirror)}"


@pytest.mark.parametrize("source", SOURCES, ids=_name)
def test_files_stay_short(source: Path) -> None:
    lines = len(source.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST or _name(source) in LONGER_WITH_REASON, f"{_name(source)} has {lines} lines: divide it"


def test_every_exception_is_still_needed() -> None:
    needless = [
        name for name in LONGER_WITH_REASON if len((ROOT / name).read_text(encoding="utf-8").splitlines()) <= LONGEST
    ]
    assert not needless


def test_names_say_what_they_hold() -> None:
    parts = {part.split(".")[0] for path in PACKAGE.rglob("*") for part in path.relative_to(PACKAGE).parts}
    assert not sorted(part for part in parts if EMPTY_NAMES.search(part))


def test_an_empty_name_would_be_noticed() -> None:
    assert all(EMPTY_NAMES.search(name) for name in ("utils", "rule_helper", "manager", "probe_v2"))
    assert not any(EMPTY_NAMES.search(name) for name in ("ipv4", "newest", "envelope", "manage"))


def test_every_command_has_its_module() -> None:
    assert [name for name in COMMANDS if find_spec(f"nimnetcheck.cli.{name}") is None] == []


def test_readme_names_only_make_targets_that_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        target
        for page in ("README.md", "CONTRIBUTING.md")
        for target in re.findall(r"\bmake ([a-z-]+)`", (ROOT / page).read_text(encoding="utf-8"))
    }
    assert named, "the pages name no make target at all"
    assert named <= targets


@pytest.mark.parametrize("forbidden", [*MACHINE_PATHS, *REGISTRIES])
def test_nothing_of_one_machine_is_shipped(forbidden: str) -> None:
    holders = [_name(path) for path in _tracked() if forbidden in path.read_text(encoding="utf-8", errors="replace")]
    assert holders == []


def test_the_lock_names_versions_only() -> None:
    lines = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8").splitlines()
    pinned = re.compile(r"[a-z0-9-]+==[0-9][\w.]*( ; .+)?")
    assert [line for line in lines if not line.startswith("#") and not pinned.fullmatch(line)] == []
