"""A throw-away user, network and mount namespace, with a way out that leads nowhere; root is not needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.machine import SYSTEM_PATH, missing

ROOT = Path(__file__).parents[2]
TOOLS = ("unshare", "ip", "nft", "ipset", "iptables-nft", "iptables-legacy", "ip6tables-nft", "firewall-offline-cmd")
ENVIRONMENT = {
    **os.environ,
    "PATH": SYSTEM_PATH,
    "PYTHONPATH": os.pathsep.join(sys.path),
    "XTABLES_LOCKFILE": "/dev/null",  # /run/xtables.lock is the real root's
}


def inside(function: str, **given: Any) -> Any:  # noqa: ANN401 (JSON, both ways)
    """Call a function of `tests.kernel.child` in a namespace of its own; what it returns crosses as JSON."""
    done = subprocess.run(
        ["unshare", "-Urnm", "--", sys.executable, "-m", "tests.kernel.child", function],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=ENVIRONMENT,
    )
    if done.returncode:
        pytest.fail(f"{function} in its namespace:\n{done.stderr[-4000:]}")
    return json.loads(done.stdout)


@cache
def why_not() -> str:
    """Why rules cannot be loaded here; empty where they can."""
    absent = missing(*TOOLS)
    if absent:
        return absent
    tried = subprocess.run(
        ["unshare", "-Urnm", "nft", "list", "ruleset"], capture_output=True, text=True, check=False, env=ENVIRONMENT
    )
    return tried.stderr.strip() if tried.returncode else ""
