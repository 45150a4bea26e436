"""The firewall's own tools, run as children: their parsers are the point. Bounded in time and in what they print."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.errors import NotJudgedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LIMIT_S = 30.0
_SBIN = "/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin"  # not on an ordinary user's PATH
ENVIRONMENT: Mapping[str, str] = {
    "PATH": _SBIN,
    "LC_ALL": "C",  # the errors are read
    "XTABLES_LOCKFILE": "/dev/null",  # the lock in /run is the real root's, and guards the host's rules
}


@attrs.frozen(kw_only=True)
class Ran:
    """How a tool ended."""

    code: int
    out: str
    said: str

    @property
    def is_refused(self) -> bool:
        """Whether it did not do what it was asked."""
        return self.code != 0

    @property
    def reason(self) -> str:
        """The first line that it complained in."""
        return next((line.strip() for line in self.said.splitlines() if line.strip()), f"exit code {self.code}")


def find(name: str) -> str | None:
    """Where a tool is, of those places that only root can write to."""
    return shutil.which(name, path=_SBIN)


def run(command: Sequence[str], text: str = "") -> Ran:
    """Run a tool in the namespace where this process stands; raises NotJudgedError where it is missing or hangs."""
    path = find(command[0])
    if path is None:
        raise NotJudgedError(f"{command[0]} is not installed, and the kernel can be asked only with it")
    try:
        done = subprocess.run(  # noqa: S603 (no shell; the tools are named in this package)
            [path, *command[1:]],
            input=text.encode(),
            capture_output=True,
            timeout=LIMIT_S,
            check=False,
            env=dict(ENVIRONMENT),
            cwd=os.sep,
        )
    except subprocess.TimeoutExpired as error:
        raise NotJudgedError(f"{command[0]} did not end within {LIMIT_S:.0f} s") from error
    return Ran(
        code=done.returncode, out=done.stdout.decode("utf-8", "replace"), said=done.stderr.decode("utf-8", "replace")
    )
