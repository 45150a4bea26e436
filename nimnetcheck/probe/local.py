"""What this host itself knows about its way to an address: route, next hop, interface, limits. Read without root."""

from __future__ import annotations

import json
import shutil
import subprocess
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nimnetcheck.model import Address

PROC = Path("/proc")
MAX_FILE = 1 << 20
PATIENCE_S = 2.0  # `ip` only asks the kernel, in a few milliseconds
SEARCH = "/usr/sbin:/sbin:/usr/bin:/bin"


def facts(address: Address) -> dict[str, object]:
    """Route, next hop and interface as `ip` tells them, and how full the tables are that every connection needs."""
    found = {**_way(address), **_limits(address.version)}
    return {key: value for key, value in found.items() if value is not None}


def first_router(address: Address) -> Address | None:
    """Whom the kernel hands what goes to an address; None where it is on a link of this host, or its own."""
    tool = shutil.which("ip", path=SEARCH)
    # Here `route get`: it judges by every rule and table, and knows this host's own addresses.
    routes = _ask(tool, f"-{address.version}", "route", "get", str(address)) if tool else []
    gateway = next((route.get("gateway") for route in routes), None)
    with suppress(ValueError):
        return ip_address(gateway) if isinstance(gateway, str) else None
    return None


def _way(address: Address) -> dict[str, object]:
    tool = shutil.which("ip", path=SEARCH)
    if tool is None:
        return {"without": "ip (iproute2) is not installed"}
    family = f"-{address.version}"
    # Not `route get`: that only says that there is no way, and this says which kind of route says so.
    routes = _ask(tool, family, "route", "show", "match", str(address))
    route = max(routes, key=_length, default=None)
    if route is None:
        return {"route": None, "links": _links(tool)}
    kind, via, device = route.get("type", "unicast"), route.get("gateway"), route.get("dev")
    found: dict[str, object] = {"route": {"to": route.get("dst"), "type": kind, "via": via, "device": device}}
    if device:
        found["link"] = next(iter(_links(tool, device)), None)
        entries = _ask(tool, family, "neighbour", "show", "to", str(via or address), "dev", device)
        found["neighbour"] = next((" ".join(entry.get("state", [])) for entry in entries), "unknown")
    return found


def _links(tool: str, device: str | None = None) -> list[dict[str, object]]:
    """Interfaces with their state; a cable that is out shows as DOWN or NO-CARRIER."""
    rows = _ask(tool, "link", "show", *(("dev", device) if device else ()))
    return [
        {
            "name": row.get("ifname"),
            "state": row.get("operstate"),
            "carrier": "NO-CARRIER" not in row.get("flags", []),
            "up": "UP" in row.get("flags", []),
            "mtu": row.get("mtu"),
        }
        for row in rows
        if "LOOPBACK" not in row.get("flags", [])
    ]


def _limits(version: int) -> dict[str, object]:
    """The ports that connections may use, how many sockets there are, and how full connection tracking is."""
    first, last = (*_numbers("sys/net/ipv4/ip_local_port_range"), 0, 0)[:2]
    sockets = _read(PROC / f"self/net/sockstat{'6' if version == 6 else ''}")  # noqa: PLR2004 (IP version)
    words = sockets.split()
    in_use = next((int(count) for name, count in zip(words, words[1:]) if name == "inuse"), None)
    tracked = (*_numbers("sys/net/netfilter/nf_conntrack_count"), None)[0]
    room = (*_numbers("sys/net/netfilter/nf_conntrack_max"), None)[0]
    return {
        "ports": {"range": [first, last], "count": last - first + 1 if last else 0},
        "tcp_sockets": in_use,
        "conntrack": {"count": tracked, "max": room} if tracked is not None and room else None,
    }


def _ask(tool: str, *words: str) -> list[dict[str, Any]]:
    """Ask `ip` in JSON; what it refuses to tell is nothing."""
    with suppress(OSError, subprocess.SubprocessError, ValueError):
        done = subprocess.run(  # noqa: S603 (a tool from the system's own folders, with words made here)
            [tool, "-j", *words], capture_output=True, text=True, check=False, timeout=PATIENCE_S
        )
        rows = json.loads(done.stdout or "[]")
        return [row for row in rows if isinstance(row, dict) and row]
    return []


def _length(route: dict[str, Any]) -> int:
    """How much of an address a route names; `default` names nothing."""
    destination, _, length = str(route.get("dst", "default")).partition("/")
    return 0 if destination == "default" else int(length or 128)


def _numbers(name: str) -> list[int]:
    return [int(word) for word in _read(PROC / name).split() if word.isdigit()]


def _read(path: Path) -> str:
    try:
        with path.open(encoding="ascii", errors="replace") as file:
            return file.read(MAX_FILE)
    except OSError:
        return ""
