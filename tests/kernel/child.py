"""What runs inside a throw-away namespace: JSON in, JSON out."""

from __future__ import annotations

import json
import sys
from typing import Any

from tests.kernel import oracle, path
from tests.kernel.shell import shell

# A way out with neighbours that answer nothing, so that each packet meets OUTPUT and POSTROUTING and then is gone.
WAY_OUT = """
ip link set lo up
ip link add eth0 type veth peer name far0
ip link set eth0 up
ip link set far0 up
ip addr add 198.18.0.2/24 dev eth0
ip route add default via 198.18.0.1
ip neigh replace 198.18.0.1 lladdr 02:00:00:00:00:01 dev eth0 nud permanent
ip -6 addr add 2001:db8:18::2/64 dev eth0 nodad
ip -6 route add default via 2001:db8:18::1
ip -6 neigh replace 2001:db8:18::1 lladdr 02:00:00:00:00:01 dev eth0 nud permanent
"""
SHOWN = 4000  # packets of one sweep that are named; beyond that only their number


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
    functions: dict[str, Any] = {
        "judge": judge,
        "sweep": sweep,
        "run": run,
        "upload": path.upload,
        "reload": path.reload,
    }
    print(json.dumps(functions[sys.argv[1]](**json.load(sys.stdin))))  # noqa: T201 (the answer)
