"""The client is killed at each of its steps and started again: every file arrives once, and none is forgotten."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.emulator import running
from nimnetcheck.submission import export
from nimnetcheck.submission.client import Client
from nimnetcheck.submission.journal import TAKEN
from nimnetcheck.submission.messages import Answer, Request
from nimnetcheck.submission.usage import write_export_2_22, write_report_2_21

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.emulator import Vendor

pytestmark = pytest.mark.slow
HOST = "product.connect.nginx.com"
TEEM = "product.apis.f5.com"
KILLED, UNCERTAIN = 9, 3
CLOSING, DECIDING = 2, 4  # steps at the end of every life, and those of a decision
UPLOAD = (16, 28)  # the steps in which a bulk report is sent, taken, and noted
NOTES = 2  # lines of the journal for each file: sending, taken
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
    with running(nim_version="2.22.0") as vendor:
        made = Site(vendor, folder, files)
        try:
            yield made
        finally:
            made.close()


def last_notes(results: Path) -> dict[str, str]:
    """What the journal says last of each file."""
    notes = map(json.loads, (results / "journal.jsonl").read_text().splitlines())
    return {note["key"]: note["what"] for note in notes if note["key"] != "report.zip"}


def decide(there: Site, results: Path, before: Counter[str]) -> str:
    """The user's word: where a file is uncertain, what the other side knows of it."""
    doubtful = [key for key, what in last_notes(results).items() if what == "sending"]
    assert len(doubtful) <= 1, "never more than one"
    if not doubtful:
        return "hold"
    return "taken" if (there.taken() - before)[doubtful[0]] else "send"


def test_killed_at_every_step_of_a_small_submission(tmp_path: Path) -> None:
    """Each step has a submission of its own, which dies there and is taken up again."""
    words: Counter[str] = Counter()
    with site(tmp_path, files=3) as there:
        steps = there.live(tmp_path / "whole")["steps"]
        for dies_at in range(1, steps + 1):
            before, results = there.taken(), tmp_path / str(dies_at)
            assert there.live(results, dies_at)["signal"] == KILLED
            end = there.live(results)
            word = decide(there, results, before)
            words[word] += 1
            assert end["exit"] == (0 if word == "hold" else UNCERTAIN), "without the user's word it waits"
            assert there.live(results, uncertain=word)["exit"] == 0
            assert there.taken() - before == Counter(there.sums.values()), f"killed at step {dies_at}"
    assert min(words["hold"], words["taken"], words["send"]) >= 3, "each case was struck, for each of the files"


def forget(results: Path, files: int) -> None:
    """Take the notes on so many files, the last ones, out of a journal."""
    lines = (results / "journal.jsonl").read_text().splitlines(keepends=True)
    (results / "journal.jsonl").write_text("".join(lines[: len(lines) - files * NOTES]))


def steps_without(there: Site, results: Path, files: int) -> int:
    """The steps of a life that has so many files left to send."""
    forget(results, files)
    return there.live(results)["steps"]


def test_two_hundred_files_through_two_hundred_deaths(tmp_path: Path) -> None:
    """One submission that dies within each of its files, at a step that moves on with every death."""
    results, files = tmp_path / "results", 200
    with site(tmp_path, files) as there:
        there.live(tmp_path / "another")
        none, one, two = (steps_without(there, tmp_path / "another", missing) for missing in range(3))
        first, each = one - none, two - one
        shutil.copytree(tmp_path / "another", results)
        forget(results, files)
        before, struck, phases = there.taken(), 0, Counter[int]()
        for phase in itertools.cycle(range(1, each + 1)):
            word = decide(there, results, before)
            done = sum(what in TAKEN for what in last_notes(results).values()) + (word == "taken")
            left = struck - done  # the file that the last death struck, unless that one is done
            end = there.live(results, none - CLOSING + DECIDING * (word != "hold") + first * left + phase, word)
            if "exit" in end:
                break
            phases[phase] += 1
            struck += 1
        assert end["exit"] == 0
        assert there.taken() - before == Counter(there.sums.values())
    assert struck == files
    assert set(phases) == set(range(1, each + 1)), "at every step of a file"


def test_a_killed_bulk_report_is_never_sent_twice_without_a_word(tmp_path: Path) -> None:
    """Its answer holds an id that nothing else tells: a death just before it leaves no way on but the user's word."""
    words: Counter[str] = Counter()
    with site(tmp_path, files=0) as there:
        steps = there.live(tmp_path / "whole")["steps"]
        for dies_at in (*range(1, steps + 1, 8), *range(*UPLOAD)):
            before, results = there.taken(), tmp_path / str(dies_at)
            assert there.live(results, dies_at)["signal"] == KILLED
            end = there.live(results)
            word = decide(there, results, before)
            words[word] += 1
            assert (there.taken() - before).total() <= 1
            assert end["exit"] == (0 if word == "hold" else UNCERTAIN)
            if word != "hold":
                assert there.live(results, uncertain="taken")["exit"] == UNCERTAIN
                assert there.live(results, uncertain="send")["exit"] == 0
            assert there.taken() - before == {"report": 2 if word == "taken" else 1}, f"killed at step {dies_at}"
    assert words["taken"] >= 1
    assert words["send"] >= 1
    assert words["hold"] >= steps // 8
