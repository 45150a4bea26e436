"""What runs inside a throw-away namespace: JSON in, JSON out."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from tests.kernel import oracle
from tests.kernel.namespace import WAY_OUT

SHOWN = 4000  # packets of one sweep that are named; beyond that only their number


def shell(script: str) -> str:
    """Run a piece of shell and return what it printed; its failure is this process's."""
    done = subprocess.run(["sh", "-euc", script], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{script}\nexit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def judge(setup: str, load: str, listing: str, remove: str, sweeps: list[dict[str, Any]]) -> dict[str, Any]:
    """Load a rule file into what the site has, twice; ask for every packet; remove it again."""
    shell(WAY_OUT + setup)
    before = shell(listing)
    shell(load)
    once = shell(listing)
    shell(load)
    twice = shell(listing)
    seen = [_sweep(sweep) for sweep in sweeps]
    shell(remove)
    return {"before": before, "once": once, "twice": twice, "after": shell(listing), "seen": seen}


def sweep(setup: str, sweeps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What leaves with these rules in force."""
    shell(WAY_OUT + setup)
    return [_sweep(one) for one in sweeps]


def run(script: str) -> str:
    """Only run a piece of shell."""
    return shell(script)


def _sweep(asked: dict[str, Any]) -> dict[str, Any]:
    destinations = [(address, port) for address, port in asked.get("packets", ())]
    if "network" in asked:
        destinations = oracle.addresses(asked["network"], asked["port"])
    if "address" in asked:
        destinations = oracle.ports(asked["address"])
    left = list(oracle.allowed(asked["protocol"], destinations))
    return {"count": len(left), "left": left if len(left) <= SHOWN else None}


if __name__ == "__main__":
    functions: dict[str, Any] = {"judge": judge, "sweep": sweep, "run": run}
    print(json.dumps(functions[sys.argv[1]](**json.load(sys.stdin))))  # noqa: T201 (the answer)
