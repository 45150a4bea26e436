"""A large submission streams: memory does not grow with it, and how far it is can be seen.

NIMNETCHECK_LARGE=1 makes it the full one: a gigabyte in two thousand files.
"""

from __future__ import annotations

import json
import os
import pty
import random
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from nimnetcheck.emulator import running

pytestmark = pytest.mark.slow
FILES = 2_000 if os.environ.get("NIMNETCHECK_LARGE") else 300
FILE_BYTES = 512 * 1024
MOST_MEMORY = 100e6
MOST_GROWTH = 16e6
HOST = "product.connect.nginx.com"


def export(path: Path, token: str, files: int) -> None:
    """An export as NIM makes one: its usage files are packed already."""
    rest = random.Random(1).randbytes(FILE_BYTES - 6)  # noqa: S311 (filling)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("g/t/jwt.txt", token)
        for number in range(files):
            archive.writestr(f"g/t/usage_{number:05d}.gzip", b"\x1f\x8b" + number.to_bytes(4, "big") + rest)


def submit(folder: Path, files: int) -> tuple[int, float, str, set[str]]:
    """Submit so many files: exit code, peak memory in bytes, what a terminal saw, and the sums that arrived."""
    folder.mkdir()
    with running(nim_version="2.22.0") as vendor:
        port = vendor.web[1]
        export(folder / "export.zip", vendor.licence, files)
        arguments = [
            *(sys.executable, str(Path(__file__).with_name("measured.py")), str(folder / "memory")),
            *("simulate", f"--report={folder / 'export.zip'}", "--submit"),
            *(f"--result-dir={folder / 'results'}", "--proxy=none", f"--resolve={HOST}:{port}:127.0.0.1"),
            f"--endpoint-url=https://{HOST}:{port}/api/nginx-usage/batch",
            *("-o", "json", f"--output-file={folder / 'report.json'}"),
        ]
        terminal, end = pty.openpty()
        environment = {**os.environ, "SSL_CERT_FILE": str(vendor.world.ca_file), "TERM": "xterm"}
        child = subprocess.Popen(arguments, env=environment, stderr=end, stdout=subprocess.DEVNULL)
        os.close(end)
        seen = read(terminal)
        code = child.wait()
        sums = {one.sha256 for one in vendor.requests if one.method == "POST" and one.host == HOST}
    return code, float((folder / "memory").read_text()), seen, sums


def read(terminal: int) -> str:
    """All that a terminal shows until whoever writes to it ends."""
    seen = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    os.close(terminal)
    return seen.decode()


def test_memory_does_not_grow_with_a_submission_and_progress_is_shown(tmp_path: Path) -> None:
    _, small, _, _ = submit(tmp_path / "small", 10)
    code, large, seen, sums = submit(tmp_path / "large", FILES)
    assert (code, len(sums)) == (0, FILES)
    assert large < MOST_MEMORY
    assert large - small < MOST_GROWTH
    told = [float(words) for words in re.findall(r"([0-9.]+) MB sent after", seen)]
    assert told == sorted(told)
    assert len(set(told)) > 2, "it moves"
    document = json.loads((tmp_path / "large" / "report.json").read_text())
    assert sum(one["outcome"] == "passed" for one in document["observations"]) >= FILES
