"""F5, in the cloud: the project's own emulator on every address of the vendor's."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from nimnetcheck.probe.trust import Trust

if TYPE_CHECKING:
    from tests.lab.lab import Lab

STORE = "/etc/ssl/certs/ca-certificates.crt"


def start(lab: Lab, *faults: str) -> None:
    """Serve on port 443 of whatever address comes; its authority is a public one here, and the client trusts it."""
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
    lab.place(STORE, anchor.read_text(encoding="ascii"))
    public = Trust().public_store
    lab.place(str(public), public.read_text(encoding="ascii") + anchor.read_text(encoding="ascii"))
