"""The scripts behind make: an interpreter is taken for what it is, not for what it is called."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Callable

import pytest

SCRIPTS = Path(__file__).parents[1] / "scripts"
HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"
Find = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def find(tmp_path: Path) -> Find:
    """Run scripts/python where it can see nothing but `tmp_path/bin`."""
    (tmp_path / "bin").mkdir()

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": str(tmp_path / "bin"), "PYENV_ROOT": str(tmp_path / "pyenv")}
        command = ["/bin/sh", str(SCRIPTS / "python"), *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    return run


def _install(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def test_no_python_is_exit_code_one(find: Find) -> None:
    assert (find(HERE).returncode, find().returncode) == (1, 1)


def test_a_shim_that_fails_is_passed_over(find: Find, tmp_path: Path) -> None:
    _install(tmp_path / "bin" / f"python{HERE}", "exit 127")
    assert find(HERE).returncode == 1
    _install(tmp_path / "pyenv" / "versions" / f"{HERE}.1" / "bin" / f"python{HERE}", f'exec "{sys.executable}" "$@"')
    found = find(HERE)
    assert found.returncode == 0
    assert Path(found.stdout.strip()).exists()


def test_a_python_of_another_version_is_passed_over(find: Find, tmp_path: Path) -> None:
    other = "3.9" if HERE != "3.9" else "3.10"
    _install(tmp_path / "bin" / f"python{other}", f'exec "{sys.executable}" "$@"')
    assert find(other).returncode == 1


@pytest.mark.parametrize("script", sorted(SCRIPTS.iterdir()), ids=lambda path: path.name)
def test_every_script_is_posix_sh_that_parses(script: Path) -> None:
    assert script.read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    assert subprocess.run(["/bin/sh", "-n", str(script)], check=False).returncode == 0
