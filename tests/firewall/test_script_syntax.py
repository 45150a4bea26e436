"""What a shell must read is read by one."""

from __future__ import annotations

import subprocess
from itertools import product
from typing import Callable

import pytest

from nimnetcheck.firewall import BACKENDS, Mode
from nimnetcheck.model import Direction

Render = Callable[..., str]
SCRIPTS = [(name, mode) for name, mode in product(BACKENDS, Mode) if BACKENDS[name].suffix(mode) == ".sh"]


@pytest.mark.parametrize(("backend", "mode"), SCRIPTS)
@pytest.mark.parametrize("profile", ["all", "browser"])
def test_every_script_is_shell(render: Render, backend: str, mode: Mode, profile: str) -> None:
    for direction in Direction:
        text = render(backend, mode, profile, direction=direction)
        done = subprocess.run(["sh", "-n"], check=False, capture_output=True, text=True, input=text)
        assert (done.returncode, done.stderr) == (0, "")


def test_what_is_not_shell_would_be_noticed() -> None:
    assert subprocess.run(["sh", "-n"], check=False, capture_output=True, input=b"load() {\n").returncode != 0
