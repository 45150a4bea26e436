"""Hosts made in namespaces, and captured there by the command's own way."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from nimnetcheck.twin.capture.archive import read
from tests.kernel.namespace import ENVIRONMENT

if TYPE_CHECKING:
    from nimnetcheck.twin.capture.value import Capture

ROOT = Path(__file__).parents[2]
TAKE = """
import sys
from pathlib import Path
from nimnetcheck.twin.capture import archive as capture_archive
from nimnetcheck.twin.capture import live as capture_live
taken = capture_live.take()
Path(sys.argv[1]).write_bytes(capture_archive.pack(taken.parts, taken.facts))
"""


def taken(folder: Path, setup: str, *as_user: str, take: str = TAKE, mounts: bool = False) -> Capture:
    """What is captured of a namespace made by `setup`.

    With `mounts` it has its own, and whatever it starts ends with it.
    """
    path = folder / "capture.tar.gz"
    script = f'set -e\n{setup}\nexec "$@"'
    command = [
        "unshare",
        *(("-Urnmpf", "--kill-child", "--mount-proc") if mounts else ("-Urn",)),
        "sh",
        "-c",
        script,
        "sh",
        *as_user,
        sys.executable,
        "-c",
        take,
        str(path),
    ]
    subprocess.run(command, check=True, env=ENVIRONMENT, cwd=ROOT)
    return read(path)
