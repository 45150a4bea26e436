"""What is seen while a command still runs: JSON lines on stdout, and a line of progress on a terminal's stderr."""

from __future__ import annotations

import os
import queue
import sys
import threading
from collections import Counter
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Callable

from nimnetcheck import net
from nimnetcheck.cli.output import echo
from nimnetcheck.model import Outcome
from nimnetcheck.report import jsonl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nimnetcheck.cli.options import Output
    from nimnetcheck.model import Observation
    from nimnetcheck.run import Run

PATIENCE_S = 1.0  # what ends sooner needs no progress
TICK_S = 0.2
MEGABYTE = 1e6
CLEAR = "\r\x1b[K"


class Live:
    """Counts what is seen and hands it on; `lines` are those that have left already."""

    def __init__(self, run: Run, write: Callable[[str], None] | None) -> None:
        self.count: Counter[Outcome] = Counter()
        self.lines: Counter[str] = Counter()
        self.bytes = 0
        self._waiting = ""
        self._run_id, self._since_s, self._write = run.run_id, run.started_s, write

    def tell(self, observation: Observation) -> None:
        """Take note of one observation."""
        self.count[observation.outcome] += 1
        if self._write:
            line = jsonl.line(observation, self._run_id)
            self.lines[line] += 1
            self._write(line)

    def each(self, observations: Iterable[Observation]) -> Iterator[Observation]:
        """Pass them on, taking note of each."""
        for observation in observations:
            self.tell(observation)
            yield observation

    def sent(self, size: int) -> None:
        """Take note of bytes that have left."""
        self.bytes += size

    @contextmanager
    def waiting(self, words: str) -> Iterator[None]:
        """While the block runs these are the progress: why it takes so long; nothing leaves it as it is."""
        self._waiting = words
        try:
            yield
        finally:
            self._waiting = ""

    def progress(self) -> str:
        """How far it has got, in one line of fewer than sixty columns."""
        words = ", ".join(f"{self.count[outcome]} {outcome}" for outcome in Outcome if self.count[outcome])
        sent = f", {self.bytes / MEGABYTE:.1f} MB sent" if self.bytes else ""
        return f"{self._waiting or words or 'waiting'}{sent} after {net.monotonic() - self._since_s:.0f} s"


@contextmanager
def live(run: Run, output: Output) -> Iterator[Live]:
    """Tell while the block runs: lines with `-o jsonl` to stdout, progress where stderr is a terminal."""
    with ExitStack() as stack:
        streams = output.form == "jsonl" and output.file is None
        teller = Live(run, stack.enter_context(_writer()) if streams else None)
        if sys.stderr.isatty() and not output.quiet and os.environ.get("TERM") != "dumb":
            stack.enter_context(_ticker(teller.progress))
        yield teller


@contextmanager
def _writer() -> Iterator[Callable[[str], None]]:
    """Write in a thread of its own: a slow reader must not make a probe look late."""
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def work() -> None:
        for line in iter(lines.get, None):
            echo(line)

    thread = threading.Thread(target=work, name="jsonl", daemon=True)
    thread.start()
    try:
        yield lines.put
    finally:
        lines.put(None)
        thread.join()


@contextmanager
def _ticker(words: Callable[[], str]) -> Iterator[None]:
    """Show the words on stderr, again and again once the first second is over, and wipe them at the end."""
    ended = threading.Event()

    def work() -> None:
        shown = False
        pause_s = PATIENCE_S
        while not ended.wait(pause_s):
            sys.stderr.write(CLEAR + words())
            sys.stderr.flush()
            shown, pause_s = True, TICK_S
        if shown:
            sys.stderr.write(CLEAR)
            sys.stderr.flush()

    thread = threading.Thread(target=work, name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
