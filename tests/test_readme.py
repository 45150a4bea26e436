"""What README shows is what the commands say."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
HELP_BLOCKS = re.findall(r"```console\n\$ (nimnetcheck[^\n]* --help)\n(.*?)\n```", README, re.DOTALL)


def test_the_two_commands_are_named() -> None:
    assert "make demo" in README
    assert "make test" in README


def test_help_is_shown() -> None:
    assert HELP_BLOCKS


@pytest.mark.skipif(
    sys.version_info < (3, 10), reason="Python 3.9 has click 8.1, which wraps and lists options otherwise than 8.5"
)
@pytest.mark.parametrize(("command", "shown"), HELP_BLOCKS, ids=[command for command, _ in HELP_BLOCKS])
def test_help_blocks_equal_help(command: str, shown: str) -> None:
    arguments = [sys.executable, "-m", *shlex.split(command)]
    environment = {**os.environ, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"}
    said = subprocess.run(arguments, check=True, capture_output=True, text=True, env=environment).stdout
    assert shown.rstrip() == said.rstrip()
