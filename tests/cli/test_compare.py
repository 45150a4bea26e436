"""compare, as people and scripts use it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nimnetcheck", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs of this host, which a name leads to two addresses; nobody listens there."""
    where = tmp_path_factory.mktemp("runs")
    for name, address in (("a", "127.0.0.1"), ("b", "127.0.0.2")):
        asked = ("usage.example:1", "--resolve", f"usage.example:1:{address}", "-o", "json")
        assert run(where, "probe", *asked, "--output-file", f"{name}.json").returncode == 1
    return where


def test_the_same_run_is_the_same(folder: Path) -> None:
    said = run(folder, "compare", "a.json", "a.json")
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.startswith("Both runs saw the same.")


def test_the_rung_at_which_they_went_apart_is_the_first_line(folder: Path) -> None:
    said = run(folder, "compare", "a.json", "b.json")
    assert said.returncode == 1
    assert said.stdout.startswith("They went apart at dns: usage.example")


def test_json_says_the_same(folder: Path) -> None:
    said = run(folder, "compare", "a.json", "b.json", "-o", "json")
    document = json.loads(said.stdout)
    assert (said.returncode, document["same"], document["differences"][0]["rung"]) == (1, False, "dns")
    assert [setting["key"] for setting in document["settings"]] == ["resolve"]
    assert document["command"] == "compare"


def test_what_is_no_report_is_refused_in_a_line(folder: Path) -> None:
    (folder / "c.json").write_text("{}", encoding="utf-8")
    said = run(folder, "compare", "a.json", "c.json")
    assert (said.returncode, said.stdout, said.stderr.count("\n")) == (2, "", 1)
