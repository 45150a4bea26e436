"""One laboratory at work: its servers, what is injected into it, and the client that looks at it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from tests.lab import network

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PATIENCE_S = 20.0  # for a server to start on a busy machine; one that ends instead is noticed at once
LISTENING = "0A"
UNBOUND = "07"  # how /proc/net/udp shows a socket that is not connected
AS_NOBODY = ("unshare", "-U")  # no mapping: uid 65534, and no capability that means anything to these namespaces


@attrs.frozen
class Lab:
    """The network as it stands, with a folder of its own for files that its servers want."""

    folder: Path
    environment: dict[str, str] = attrs.field(factory=lambda: dict(os.environ))

    def shell(self, name: str, script: str) -> str:
        """Run a piece of shell in a namespace, as its root."""
        return network.inside(name, ["sh", "-euc", script])

    def serve(self, name: str, command: Sequence[str], *, tcp: int = 0, udp: int = 0) -> None:
        """Start a server as nobody in a namespace, and wait until it listens; it ends with the laboratory."""
        log = self.folder / f"{name}-{Path(command[0]).name}-{tcp or udp}.log"
        with log.open("wb") as output:
            server = subprocess.Popen(
                [*network.entering(name), *AS_NOBODY, *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=self.environment,
            )
        until = time.monotonic() + PATIENCE_S
        while not _listens(server.pid, tcp=tcp, udp=udp):
            if server.poll() is not None or time.monotonic() > until:
                sys.exit(f"lab: {command[0]} in {name} does not serve:\n{log.read_text(errors='replace')}")
            self.wait()

    def wait(self) -> None:
        """A moment, for something that is about to happen."""
        time.sleep(0.01)

    def write(self, name: str, text: str) -> Path:
        """A file in the laboratory's folder that every server can read."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o644)
        return path

    def place(self, path: str, text: str) -> None:
        """Put a text in the place of a file of this machine, for whoever runs in the laboratory."""
        name = path.strip("/").replace("/", "-")
        is_placed = (self.folder / name).exists()
        source = self.write(name, text)
        if not is_placed:  # else the same file, written anew, stands there already
            network.run(["mount", "--bind", str(source), path])

    def client(
        self, arguments: Sequence[str], environment: Mapping[str, str], *, as_root: bool
    ) -> subprocess.CompletedProcess[str]:
        """Run nimnetcheck as the client sees the world: as uid 65534, without any privilege, or as root."""
        return subprocess.run(
            [*(() if as_root else AS_NOBODY), sys.executable, "-m", "nimnetcheck", *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
            env={**self.environment, **environment},
        )


def _listens(pid: int, *, tcp: int, udp: int) -> bool:
    """Whether something in the namespace of a process listens on these ports, in either family; sends nothing."""
    wanted = [
        (protocol, port, state) for protocol, port, state in (("tcp", tcp, LISTENING), ("udp", udp, UNBOUND)) if port
    ]
    return all(
        any(_has(Path(f"/proc/{pid}/net/{protocol}{family}"), port, state) for family in ("", "6"))
        for protocol, port, state in wanted
    )


def _has(table: Path, port: int, state: str) -> bool:
    try:
        rows = [line.split() for line in table.read_text(encoding="ascii").splitlines()[1:]]
    except OSError:
        return False
    return any(row[1].endswith(f":{port:04X}") and row[3] == state for row in rows)
