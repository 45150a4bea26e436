"""Ask a twin: one child process for each, with bounds, killed with its children when it takes too long."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from nimnetcheck.errors import NotJudgedError
from nimnetcheck.twin import wire

if TYPE_CHECKING:
    from nimnetcheck.twin.answer import Answer

LIMIT_S = 60.0
_PACKAGES = Path(__file__).parents[2]  # the child imports from where this package lies, not from the caller's folder


def ask(question: wire.Question, limit_s: float = LIMIT_S) -> Answer:
    """The twin's answer; raises NotJudgedError where none can be made, with what forbids it."""
    child = subprocess.Popen(
        [sys.executable, "-m", "nimnetcheck.twin"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=_PACKAGES,
        start_new_session=True,
        text=True,
    )
    try:
        out, said = child.communicate(wire.dump_question(question), timeout=limit_s)
    except subprocess.TimeoutExpired:
        raise NotJudgedError(f"the twin did not answer within {limit_s:.0f} s") from None
    finally:
        _end(child)
    if child.returncode:
        last = next((line for line in reversed(said.splitlines()) if line.strip()), f"exit code {child.returncode}")
        raise NotJudgedError(f"the twin broke: {last}")
    return wire.read_answer(out)


def _end(child: subprocess.Popen[str]) -> None:
    """Whatever happened, the child and its tools are gone."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
