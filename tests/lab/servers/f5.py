"""F5, in the cloud: the project's own emulator on every address of the vendor's."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Callable

from nimnetcheck.probe.trust import Trust

if TYPE_CHECKING:
    from pathlib import Path

    from tests.lab.lab import Lab

STORE = "/etc/ssl/certs/ca-certificates.crt"
LICENCE = "license.jwt"


def start(lab: Lab, *faults: str) -> None:
    """Serve on port 443 of whatever address comes; its authority is a public one here, and the client trusts it."""
    anchor = emulate(lab, "cloud", *(word for fault in faults for word in ("--fault", fault)))
    lab.place(STORE, anchor.read_text(encoding="ascii"))
    public = Trust().public_store
    lab.place(str(public), public.read_text(encoding="ascii") + anchor.read_text(encoding="ascii"))


def failing(*faults: str) -> Callable[[Lab], None]:
    """The same with faults, as something to start."""
    return lambda lab: start(lab, *faults)


def emulate(lab: Lab, where: str, *options: str) -> Path:
    """An emulator in any namespace, and the anchor that it has written; the licence that F5's takes lies beside it."""
    lab.folder.chmod(0o777)  # the emulator, which is nobody, writes there
    named = "f5" if where == "cloud" else where
    anchor, licence = lab.folder / f"{named}-ca.pem", lab.folder / (LICENCE if where == "cloud" else f"{named}.jwt")
    files = ("--ca-file", str(anchor), "--licence-file", str(licence))
    command = (sys.executable, "-m", "nimnetcheck", "emulate", "--listen", "[::]:443", *files, *options)
    lab.serve(where, command, tcp=443)
    while not (anchor.exists() and licence.exists()):
        lab.wait()
    return anchor
