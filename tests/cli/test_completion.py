"""A real shell completes commands and options with what the command prints."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nimnetcheck.cli.completion import SHELLS

HERE = str(Path(sys.executable).parent)


def said(*arguments: str) -> str:
    command = [sys.executable, "-m", "nimnetcheck", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("shell", [shell for shell in SHELLS if shell != "bash"])
def test_each_shell_gets_a_script_that_asks_nimnetcheck(shell: str) -> None:
    assert f"_NIMNETCHECK_COMPLETE={shell}_complete" in said("completion", shell)


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize(
    ("typed", "completed"), [("nimnetcheck sim", "simulate"), ("nimnetcheck probe --dead", "--deadline")]
)
def test_bash_completes(typed: str, completed: str, tmp_path: Path) -> None:
    (tmp_path / "nimnetcheck").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m nimnetcheck "$@"\n', encoding="utf-8")
    (tmp_path / "nimnetcheck").chmod(0o755)
    words = typed.split()
    script = f"""
eval "$(nimnetcheck completion bash)"
COMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}
_nimnetcheck_completion nimnetcheck
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    environment = {**os.environ, "PATH": f"{tmp_path}:{HERE}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", script], check=True, capture_output=True, text=True, env=environment)
    assert done.stdout.split() == [completed]
