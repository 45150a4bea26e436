"""Which NIM and which NGINX Plus are installed here, by the package database: no program of theirs is run."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable

DPKG_STATUS = Path("/var/lib/dpkg/status")
NIM, NGINX_PLUS = "nms-instance-manager", "nginx-plus"
PACKAGES = (NIM, NGINX_PLUS)
RPM_TIMEOUT_S = 5.0
VERSION = re.compile(r"(?:\d+:)?(\d+(?:\.\d+)*)")


@attrs.frozen(kw_only=True)
class Versions:
    """NIM's version as numbers, (2, 22, 0), and NGINX Plus' release, 34; None where it is not installed."""

    nim: tuple[int, ...] | None = None
    nginx_plus: int | None = None


def read(status: Path = DPKG_STATUS) -> Versions:
    """The versions installed, from dpkg's database or from rpm's."""
    try:
        with status.open(encoding="utf-8", errors="replace") as lines:
            found = installed(lines)
    except OSError:
        found = {}
    found = found or _rpm()
    nim, plus = number(found.get(NIM, "")), number(found.get(NGINX_PLUS, ""))
    return Versions(nim=nim, nginx_plus=plus[0] if plus else None)


def installed(lines: Iterable[str]) -> dict[str, str]:
    """The versions of our packages in a dpkg status file, those that are really installed; pure."""
    found: dict[str, str] = {}
    name, is_installed = "", False
    for line in lines:
        key, _, value = line.partition(": ")
        if key == "Package":
            name, is_installed = value.strip(), False
        elif key == "Status":
            is_installed = value.split()[-1:] == ["installed"]
        elif key == "Version" and is_installed and name in PACKAGES:
            found[name] = value.strip()
    return found


def number(version: str) -> tuple[int, ...] | None:
    """The numbers that a package's version begins with; None where it begins with none."""
    match = VERSION.match(version)
    return tuple(int(part[:9]) for part in match[1].split(".")) if match else None


def _rpm() -> dict[str, str]:
    rpm = shutil.which("rpm")
    if rpm is None:
        return {}
    asked = [rpm, "-q", "--qf", "%{NAME} %{VERSION}\\n", *PACKAGES]
    try:
        answer = subprocess.run(asked, capture_output=True, text=True, timeout=RPM_TIMEOUT_S, check=False).stdout  # noqa: S603 (a fixed question to the host's own tool)
    except (OSError, subprocess.SubprocessError):
        return {}
    rows = [line.split() for line in answer.splitlines()]
    return {row[0]: row[1] for row in rows if len(row) == 2 and row[0] in PACKAGES}  # noqa: PLR2004 (name and version)
