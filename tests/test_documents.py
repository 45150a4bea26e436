"""The documents make a site whose links all lead somewhere, and each command has its manual page."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nimnetcheck.cli import COMMANDS

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.version_info < (3, 11), reason="what makes the pages is locked for Python 3.11 and later"),
]


def site(folder: Path, page: str = "") -> subprocess.CompletedProcess[str]:
    """Build the site in a folder of its own, with one page more."""
    shutil.copytree(ROOT / "docs", folder / "docs")
    shutil.copy(ROOT / "zensical.toml", folder)
    (folder / "docs" / "more.md").write_text(f"# More\n\n{page}\n", encoding="utf-8")
    command = [str(BIN / "zensical"), "build", "--strict"]
    environment = {**os.environ, "NO_COLOR": "1"}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment)


def test_the_site_is_built_and_fetches_nothing(tmp_path: Path) -> None:
    built = site(tmp_path)
    assert built.returncode == 0, built.stdout + built.stderr
    page = (tmp_path / "build" / "site" / "index.html").read_text(encoding="utf-8")
    assert "One idea a page" in page
    assert not [tag for tag in page.split("<") if tag.startswith(("script", "link")) and '="http' in tag]


def test_a_link_that_leads_nowhere_would_be_noticed(tmp_path: Path) -> None:
    assert site(tmp_path, "[nowhere](nowhere.md)").returncode != 0


def test_every_command_has_its_manual_page_and_none_is_stale(tmp_path: Path) -> None:
    subprocess.run(["sh", "scripts/man", str(tmp_path)], cwd=ROOT, check=True, capture_output=True)
    made = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert set(made) == {"nimnetcheck.1", *(f"nimnetcheck-{name}.1" for name in COMMANDS)}
    assert "130  interrupted" in made["nimnetcheck.1"]
    held = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "man").iterdir()}
    assert held == made, "make man writes them anew"
