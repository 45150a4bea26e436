"""The programs that judge what we write: skipped where they are missing, but not where CI requires them."""

from __future__ import annotations

import os
import shutil

import pytest


def needed(name: str, *, package: str) -> str:
    """The path of a program, or a reason why the test cannot run."""
    path = shutil.which(name)
    if path:
        return path
    reason = f"{name} is not here (Debian: {package})"
    if os.environ.get("NIMNETCHECK_REQUIRE_KERNEL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
