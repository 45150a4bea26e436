"""Shell inside the namespace."""

from __future__ import annotations

import subprocess
import sys


def shell(script: str) -> str:
    """Run a piece of shell and return what it printed; its failure is this process's."""
    done = subprocess.run(["sh", "-euc", script], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{script}\nexit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout
