"""F5, in the cloud: the project's own emulator on every address of the vendor's."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.lab.lab import Lab

STORE = "/etc/ssl/certs/ca-certificates.crt"


def start(lab: Lab, *faults: str, trusted: bool = True) -> None:
    """Serve on port 443 of whatever address comes; the client's store holds the authority, unless it is not to."""
    anchor = lab.folder / "f5-ca.pem"
    named = [word for fault in faults for word in ("--fault", fault)]
    lab.folder.chmod(0o777)  # the emulator, which is nobody, writes its anchor there
    lab.serve(
        "cloud",
        [sys.executable, "-m", "nimnetcheck", "emulate", "--listen", "[::]:443", "--ca-file", str(anchor), *named],
        tcp=443,
    )
    while not anchor.exists():
        lab.wait()
    if trusted:
        lab.place(STORE, anchor.read_text(encoding="ascii"))
