"""What a test needs of the machine that it runs on: without it the test is skipped, and fails where CI requires all."""

from __future__ import annotations

import os
import shutil

import pytest

SYSTEM_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


def require(reason: str) -> None:
    """Go on where there is no reason not to."""
    if reason and os.environ.get("NIMNETCHECK_REQUIRE_KERNEL") == "1":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


def missing(*tools: str) -> str:
    """Which of these programs are not here, in words; empty where all are."""
    names = [tool for tool in tools if not shutil.which(tool, path=SYSTEM_PATH)]
    return f"not installed: {', '.join(names)}" if names else ""


def needed(name: str, *, package: str) -> str:
    """The path of a program of a Debian package."""
    path = shutil.which(name)
    require("" if path else f"{name} is not here (Debian: {package})")
    return path or name
