"""Do the services run that send usage, and since when; read from /proc, which needs no root and no systemd."""

from __future__ import annotations

import os
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from nimnetcheck.model import Failure
from nimnetcheck.site.host import failed, passed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nimnetcheck.model import Observation

PROC = Path("/proc")
NIM = ("nms-core", "nms-dpm", "nms-ingestion", "nms-integrations")
SENDER = "nms-integrations"
NGINX = ("nginx",)
START_TIME = 21  # proc(5): field 22 of stat, in clock ticks since boot
SLACK_S = 2.0  # what the kernel's ticks and the file's time may differ by


def running(proc: Path = PROC) -> Mapping[str, float]:
    """The name of each process with the epoch of its latest start; empty where /proc shows nothing."""
    boot = _boot(proc)
    found: dict[str, float] = {}
    for folder in proc.glob("[0-9]*"):
        try:
            name = (folder / "cmdline").read_bytes().split(b"\0", 1)[0].split(b":", 1)[0]
            fields = (folder / "stat").read_text(encoding="ascii", errors="replace").rpartition(") ")[2].split()
            started_s = boot + int(fields[START_TIME - 2]) / os.sysconf("SC_CLK_TCK")
        except (OSError, ValueError, IndexError):
            continue
        words = os.path.basename(name.decode("utf-8", "replace"))  # noqa: PTH119 (a name, not a path of this host)
        found[words] = max(found.get(words, 0.0), started_s)
    return found


def observe(needed: Sequence[str], title: str, seen: Mapping[str, float]) -> tuple[Observation, ...]:
    """Whether these services run; nothing where /proc shows no process but our own."""
    if len(seen) <= 1:
        return ()
    missing = [name for name in needed if name not in seen]
    if missing:
        return (failed(title, Failure.SERVICE_DOWN, f"not running: {', '.join(missing)}"),)
    return (passed(title, f"{', '.join(needed)} running"),)


def applied(conf: Path, seen: Mapping[str, float]) -> tuple[Observation, ...]:
    """Whether NIM has started since its configuration was last written; nothing where either is not known."""
    started_s = seen.get(SENDER)
    try:
        written_s = conf.stat().st_mtime
    except OSError:
        return ()
    if started_s is None:
        return ()
    if written_s <= started_s + SLACK_S:
        return (passed("NIM's configuration", f"{conf} is older than the service's start"),)
    words = f"{conf} was written {_at(written_s)}, {SENDER} started {_at(started_s)}"
    return (failed("NIM's configuration", Failure.CONFIG_NOT_APPLIED, words, required=False),)


def _boot(proc: Path) -> float:
    try:
        lines = (proc / "stat").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0.0
    return next((float(line.split()[1]) for line in lines if line.startswith("btime ")), 0.0)


def _at(epoch_s: float) -> str:
    return f"{datetime.fromtimestamp(epoch_s, tz=timezone.utc):%Y-%m-%d %H:%M:%S}"
