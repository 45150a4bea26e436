"""An emulated site, and a client of it that lives as often as it is told to; see mortal.py."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from nimnetcheck.emulator import running
from nimnetcheck.submission import export
from nimnetcheck.submission.client import Client
from nimnetcheck.submission.messages import Answer, Request
from nimnetcheck.submission.usage import write_export_2_22, write_report_2_21

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.emulator import Vendor

HOST = "product.connect.nginx.com"
TEEM = "product.apis.f5.com"
LONGEST_S = 60


class Site:
    """An emulated site, a report for it, and a command line that can be killed at a step.

    The report is that of a NIM 2.22 with so many usage files, or without any the opaque one of a NIM 2.21.
    """

    def __init__(self, vendor: Vendor, folder: Path, files: int) -> None:
        self.vendor, self.folder = vendor, folder
        port = vendor.web[1]
        report, licence = folder / "export.zip", folder / "license.jwt"
        licence.write_text(vendor.licence)
        with report.open("w+b") as file:
            if files:
                write_export_2_22(file, files, [vendor.licence], batch=1)
            else:
                write_report_2_21(file, 10)
            self.sums = {usage.sha256: usage.name for usage in export.walk(file).usages}
        host, path = (HOST, "/api/nginx-usage/batch") if files else (TEEM, "/ee/v1/entitlements/telemetry/bulk")
        environment = {"SSL_CERT_FILE": str(vendor.world.ca_file), "HOME": str(folder), "PATH": ""}
        self.arguments = [
            "simulate",
            f"--report={report}",
            f"--license={licence}",
            f"--endpoint-url=https://{host}:{port}{path}",
            f"--resolve={host}:{port}:127.0.0.1",
            "--proxy=none",
            "--submit",
        ]
        self.idle = open_sockets()
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("mortal.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
        )

    def live(self, results: Path, dies_at: int = 0, uncertain: str = "hold") -> dict[str, int]:
        """One life of the client; how it ended."""
        assert self.process.stdin
        assert self.process.stdout
        arguments = [*self.arguments, f"--result-dir={results}", f"--uncertain={uncertain}"]
        self.process.stdin.write(json.dumps({"arguments": arguments, "dies_at": dies_at}) + "\n")
        self.process.stdin.flush()
        found: dict[str, int] = json.loads(self.process.stdout.readline())
        return found

    def close(self) -> None:
        """End it."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def taken(self) -> Counter[str]:
        """How often the other side took each file."""
        self._settle()
        posts = [one for one in self.vendor.requests if one.method == "POST" and one.status in {200, 202}]
        return Counter(self.sums.get(one.sha256, "report") for one in posts)

    def _settle(self) -> None:
        """Wait until the other side, in this process, is done with what the dead have sent.

        It has read all of a connection when it closes its end (a socket that was reset is in no table of the kernel's
        by then), and has worked it off when a request that came later is answered.
        """
        until = time.monotonic() + LONGEST_S
        while open_sockets() > self.idle:
            assert time.monotonic() < until, "the emulator still holds a connection"
            threading.Event().wait(0.005)
        with closing(Client(self.vendor.world, timeout_s=LONGEST_S)) as client:
            assert isinstance(client.call(Request(method="GET", url=f"https://{HOST}/")), Answer)


def open_sockets() -> int:
    """How many sockets this process holds."""
    found = 0
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 (a name is all there is)
        with suppress(OSError):
            found += os.readlink(f"/proc/self/fd/{name}").startswith("socket:")  # noqa: PTH115 (likewise)
    return found


@contextmanager
def site(folder: Path, files: int) -> Iterator[Site]:
    """The site, as long as the block runs."""
    with running(nim_version="2.22.0") as vendor:
        made = Site(vendor, folder, files)
        try:
            yield made
        finally:
            made.close()
