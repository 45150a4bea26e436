"""How long `nimnetcheck trace` takes, whole command, beside what the tools alone need in the same run."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.rulesets import SMALL, kubernetes
from tests.kernel.namespace import ENVIRONMENT, ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

RUNS = 7
# What is measured is the command, not the compiler: a user's Python keeps what it has compiled.
KEEPING = {name: value for name, value in ENVIRONMENT.items() if name != "PYTHONDONTWRITEBYTECODE"}
BLOCK = '-A SITE-EGRESS -d 159.60.126.64/26 -p tcp -m comment --comment "corp" -j REJECT --reject-with tcp-reset\n'


def measure(command: Sequence[str], text: str = "", code: int = 0) -> float:
    """The median of several runs, in milliseconds."""
    times = []
    for _ in range(RUNS):
        begun = time.monotonic()
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=False, cwd=ROOT, env=KEEPING)
        times.append((time.monotonic() - begun) * 1000)
        if done.returncode != code:
            raise SystemExit(f"{command}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return statistics.median(times)


def main() -> None:
    """Print the figures."""
    large = kubernetes()
    rules = sum(1 for line in large.splitlines() if line.startswith("-A"))
    python = measure([sys.executable, "-c", "import click, attrs"])
    loading = measure(["unshare", "-n", "iptables-nft-restore"], large)
    with tempfile.TemporaryDirectory() as folder:
        small_file, large_file = Path(folder, "rules.nft"), Path(folder, "save.txt")
        small_file.write_text(SMALL, encoding="utf-8")
        large_file.write_text(large, encoding="utf-8")
        trace = [sys.executable, "-m", "nimnetcheck", "trace", "--for", "nim-2.22", "--output", "json"]
        small = measure([*trace, "--nft", str(small_file)])
        big = measure([*trace, "--iptables", str(large_file)])
        large_file.write_text(large.replace("-A SITE-EGRESS -j RETURN\n", BLOCK), encoding="utf-8")
        fixed = measure([*trace, "--iptables", str(large_file)], code=1)
    alone = "iptables-nft-restore alone"
    rows = (
        ("small nft ruleset", small, "start of Python with click and attrs", python),
        (f"Kubernetes and Docker, {rules} rules", big, alone, loading),
        ("the same, 64 flows blocked, and their fix proven", fixed, alone, loading),
    )
    for name, took, yardstick, other in rows:
        figures = f"{took:.0f} ms, {took / other:.1f} times the {yardstick} ({other:.0f} ms)"
        print(f"trace, 133 flows, {name}: {figures}")  # noqa: T201 (the figures)


if __name__ == "__main__":
    main()
