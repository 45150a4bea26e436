"""The way into the laboratory: a process of its own for each scenario, in namespaces of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.lab.scenarios import SCENARIOS

ROOT = Path(__file__).parents[2]
TOOLS = (
    "unshare",
    "ip",
    "nft",
    "sysctl",
    "dnsmasq",
    "unbound",
    "squid",
    "nginx",
    "mitmdump",
    "iptables-legacy",
    "conntrack",
    "faketime",
    "openssl",
)
SYSTEM_PATH = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
NAMESPACES = ("-nm", "--pid", "--fork", "--kill-child", "--mount-proc", "--")
ENTER = ("unshare", "-Ur", *NAMESPACES)
ENTER_AS_ROOT = ("unshare", *NAMESPACES)  # a user namespace of an ordinary user knows that user alone


def command(action: str, name: str, *arguments: str) -> list[str]:
    """What runs `python -m tests.lab ACTION NAME ARGUMENTS` inside."""
    enter = ENTER_AS_ROOT if SCENARIOS[name].as_root else ENTER
    return [*enter, sys.executable, "-m", "tests.lab", action, name, *arguments]


def environment() -> dict[str, str]:
    """The caller's, without what would lead the client elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    kept = {name: value for name, value in kept.items() if not name.startswith(("NIMNETCHECK_", "SSL_CERT_"))}
    return {**kept, "PATH": SYSTEM_PATH, "PYTHONPATH": str(ROOT), "XTABLES_LOCKFILE": "/dev/null"}


def report(name: str) -> dict[str, Any]:
    """Stage a scenario, and return nimnetcheck's report of it; raises AssertionError where there is none."""
    return reports(name, 1)[0]


def reports(name: str, times: int) -> list[dict[str, Any]]:
    """Stage a scenario once, and return as many reports of it."""
    done = subprocess.run(
        command("report", name, str(times)), capture_output=True, text=True, check=False, cwd=ROOT, env=environment()
    )
    assert done.returncode == 0, f"the laboratory for {name}:\n{done.stderr[-4000:]}"
    return [_parsed(name, ended) for ended in json.loads(done.stdout)]


def _parsed(name: str, ended: dict[str, Any]) -> dict[str, Any]:
    assert ended["stdout"], f"{name}: nimnetcheck ended with {ended['exit_code']}:\n{ended['stderr'][-4000:]}"
    found: dict[str, Any] = json.loads(ended["stdout"])
    return found


def why_not_as(name: str) -> str:
    """Why this scenario cannot be staged where others can; empty where it can."""
    return "only root can make a laboratory with more than one user" if SCENARIOS[name].as_root and os.geteuid() else ""


def why_not() -> str:
    """Why there can be no laboratory here; empty where there can."""
    missing = [tool for tool in TOOLS if not shutil.which(tool, path=SYSTEM_PATH)]
    if missing:
        return f"not installed: {', '.join(missing)}"
    tried = subprocess.run(
        [*ENTER, "nft", "list", "ruleset"], capture_output=True, text=True, check=False, env=environment()
    )
    return tried.stderr.strip() if tried.returncode else ""


def enter(name: str) -> None:
    """Become a shell that stands in the scenario."""
    unknown = "" if name in SCENARIOS else f"there is no scenario {name!r}; make lab lists them"
    reason = why_not() or unknown or why_not_as(name)
    if reason:
        sys.exit(f"lab: {reason}")
    os.chdir(ROOT)
    os.execvpe("unshare", command("shell", name), environment())  # noqa: S606 (what a person asked for)


if __name__ == "__main__":
    enter(sys.argv[1])
