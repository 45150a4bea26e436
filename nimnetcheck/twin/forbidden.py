"""Why no namespace can be made here, and what would allow it."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Each setting, the value that forbids namespaces, and what to do.
_SETTINGS: Mapping[str, tuple[str, str]] = {
    "user.max_user_namespaces": ("0", "run as root, or raise it"),
    "user.max_net_namespaces": ("0", "raise it: root needs a network namespace too"),
    "kernel.unprivileged_userns_clone": ("0", "run as root"),
    "kernel.apparmor_restrict_unprivileged_userns": ("1", "run as root (leave the setting on)"),
}
_SYSCTL = Path("/proc/sys")


def explain(code: int | None, settings: Mapping[str, str] | None = None) -> str:
    """One line: what failed, which setting forbids it, what would allow it."""
    found = _read() if settings is None else settings
    reasons = [f"{name}={bad}: {do}" for name, (bad, do) in _SETTINGS.items() if found.get(name) == bad]
    if not reasons and code in (errno.EPERM, errno.EACCES):
        reasons = ["a container's or a security module's policy refuses it: run outside the container, or as root"]
    felt = errno.errorcode.get(code or 0, "unknown error")
    why = "; ".join(reasons) or "the kernel was built without it, or its limit is reached"
    return f"no namespace can be made here ({felt}): {why}"


def _read() -> dict[str, str]:
    return {name: value for name in _SETTINGS if (value := _value(name)) is not None}


def _value(name: str) -> str | None:
    try:
        return (_SYSCTL / name.replace(".", "/")).read_text(encoding="utf-8").strip()
    except OSError:
        return None
