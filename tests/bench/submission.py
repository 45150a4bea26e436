"""How long a submission of many files takes, and its memory, beside curl with the same files in the same run."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from nimnetcheck.emulator import running

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nimnetcheck.emulator import Vendor

FILES, FILE_BYTES = 2_000, 512 * 1024
MEASURED = Path(__file__).parents[1] / "submission" / "measured.py"
HOST = "product.connect.nginx.com"


def write(folder: Path, token: str) -> None:
    """The files, and the export that holds them."""
    rest = random.Random(1).randbytes(FILE_BYTES - 6)  # noqa: S311 (filling)
    with zipfile.ZipFile(folder / "export.zip", "w") as archive:
        archive.writestr("g/t/jwt.txt", token)
        for number in range(FILES):
            data = b"\x1f\x8b" + number.to_bytes(4, "big") + rest
            archive.writestr(f"g/t/usage_{number:05d}.gzip", data)
            (folder / f"{number:05d}.gzip").write_bytes(data)


def curl(folder: Path, vendor: Vendor) -> list[str]:
    """One curl, one connection, a POST for each file: nothing is noted, nothing is tried again."""
    port = vendor.web[1]

    def posts() -> Iterator[str]:
        for path in sorted(folder.glob("*.gzip")):
            yield (
                f'url = "https://{HOST}:{port}/api/nginx-usage/batch"\nrequest = POST\nupload-file = "{path}"\n'
                f'header = "Authorization: Bearer {vendor.licence}"\nheader = "Content-Type: application/gzip"\n'
                f'resolve = "{HOST}:{port}:127.0.0.1"\ncacert = "{vendor.world.ca_file}"\nhttp1.1\nsilent\n'
            )

    (folder / "curlrc").write_text("next\n".join(posts()))
    return ["curl", "-K", str(folder / "curlrc")]


def ours(folder: Path, vendor: Vendor) -> list[str]:
    """The whole command: the export checked and copied, each file noted on the disk before its last byte leaves."""
    port = vendor.web[1]
    command = [sys.executable, str(MEASURED), str(folder / "memory"), "simulate", "--submit", "-q"]
    where = [f"--endpoint-url=https://{HOST}:{port}/api/nginx-usage/batch", f"--resolve={HOST}:{port}:127.0.0.1"]
    return [*command, *where, f"--report={folder / 'export.zip'}", f"--result-dir={folder / 'results'}", "--proxy=none"]


def measure(command: Sequence[str], vendor: Vendor) -> tuple[float, float]:
    """Seconds, and seconds of CPU."""
    begun = time.monotonic()
    environment = {**os.environ, "SSL_CERT_FILE": str(vendor.world.ca_file)}
    child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{command[0]}: exit code {child.returncode}")
    return time.monotonic() - begun, used.ru_utime + used.ru_stime


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as name, running(nim_version="2.22.0") as vendor:
        folder = Path(name)
        write(folder, vendor.licence)
        yardstick, _ = measure(curl(folder, vendor), vendor)
        took, cpu = measure(ours(folder, vendor), vendor)
        memory = int((folder / "memory").read_text()) / 1e6
    size = FILES * FILE_BYTES / 1e6
    print(  # noqa: T201 (the figures)
        f"submission, {size:.0f} MB in {FILES} files: {took:.1f} s, {took / yardstick:.1f} times curl with the same "
        f"files ({yardstick:.1f} s); {cpu:.1f} s of CPU, peak memory {memory:.0f} MB"
    )


if __name__ == "__main__":
    main()
