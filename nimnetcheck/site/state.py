"""What NGINX Plus keeps of its reports and licence in state_path, and whether there is room to write."""

from __future__ import annotations

import os
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from nimnetcheck.model import Failure, Observation, Outcome, Rung
from nimnetcheck.site.host import SUBJECT, failed, passed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TITLE = "State of reporting"
STATE, RENEWED = "nginx-mgmt-state", "nginx-mgmt-license"
WRITTEN_TO = (Path("/var/lib/nms"), Path("/var/log/nms"), Path("/var/log/nginx"))
MEBIBYTE = 1024 * 1024
ROOM_BYTES = 100 * MEBIBYTE
OVERDUE = timedelta(days=7)  # reports are due every hour; F5's own products for Kubernetes allow a day at most


def reports(folder: Path, now: datetime, *, enforced: bool) -> Observation:
    """Whether a report was ever accepted, and not too long ago, by the state that NGINX Plus writes then."""
    try:
        files = {entry.name: entry.stat().st_mtime for entry in os.scandir(folder)}
        is_fixed = bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    except FileNotFoundError:
        return failed(TITLE, Failure.STATE_INVALID, f"{folder} is not there")
    except OSError as error:
        return Observation(
            subject=SUBJECT,
            rung=Rung.HOST,
            title=TITLE,
            outcome=Outcome.SKIPPED,
            because=f"{folder}: {error.strerror}: root may look into it",
        )
    if is_fixed:
        return failed(TITLE, Failure.STATE_INVALID, f"{folder} is mounted read-only")
    return _last(files, now) if STATE in files else _never(folder, enforced=enforced)


def _never(folder: Path, *, enforced: bool) -> Observation:
    words = f"{folder} holds no {STATE}: no report was ever accepted"
    if enforced:
        return failed(TITLE, Failure.NEVER_REPORTED, f"{words}, and enforce_initial_report is on")
    return failed(TITLE, Failure.REPORTING_FAILING, f"{words}; the 180 days of grace run", required=False)


def _last(files: Mapping[str, float], now: datetime) -> Observation:
    written = datetime.fromtimestamp(files[STATE], tz=timezone.utc)
    evidence: dict[str, object] = {"state_written": written.isoformat(), "renewed_licence": RENEWED in files}
    words = f"{STATE} was last written {written:%Y-%m-%d %H:%M:%S} UTC"
    if now - written > OVERDUE:
        words += f", {(now - written).days} days ago: no report was accepted since"
        return failed(TITLE, Failure.REPORTING_FAILING, words, required=False, **evidence)
    return passed(TITLE, words, evidence)


def room(folders: Sequence[Path] = WRITTEN_TO) -> tuple[Observation, ...]:
    """Whether there is room where the products write; nothing where none of the folders is here."""
    left: dict[Path, int] = {}
    for folder in folders:
        try:
            found = os.statvfs(folder)
        except OSError:
            continue
        left[folder] = found.f_bavail * found.f_frsize
    if not left:
        return ()
    words = ", ".join(f"{folder} {bytes_left // MEBIBYTE} MiB" for folder, bytes_left in left.items())
    if min(left.values()) < ROOM_BYTES:
        return (failed("Room on disk", Failure.DISK_FULL, f"left: {words}"),)
    return (passed("Room on disk", f"left: {words}"),)
