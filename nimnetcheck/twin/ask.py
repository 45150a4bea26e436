"""Ask twins: one child process makes them, one after the other, within bounds; it is killed with all of its children.

The process begins at once and tests itself, while its caller is still reading what it wants to ask.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Callable

from nimnetcheck.errors import NotJudgedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.twin.answer import Answer
    from nimnetcheck.twin.wire import Question

    Ask = Callable[[Question], Answer]
    Who = tuple[int, int]  # user id, group id

LIMIT_S = 60.0
ROOT = (0, 0)
_PACKAGES = Path(__file__).parents[2]  # the child imports from where this package lies, not from the caller's folder
_MOST = 1 << 20  # bytes of one read


@contextmanager
def twins(*, live: bool = False, who: Who = ROOT, limit_s: float = LIMIT_S) -> Iterator[Ask]:
    """A function that answers questions, each with a twin of its own; it raises NotJudgedError where none can be made.

    A `live` capture is the caller's own, and may be parsed as root; `who` sends.
    """
    with open(os.memfd_create("said"), "w+b") as said:  # noqa: PTH123 (no path; and tempfile takes 3 ms to load)
        child = subprocess.Popen(  # noqa: S603 (this interpreter, this package)
            [sys.executable, "-m", "nimnetcheck.twin", ":".join(map(str, who)), *(["live"] if live else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            cwd=_PACKAGES,
            start_new_session=True,
        )
        try:
            yield lambda question: _ask(child, said, question, limit_s)
        finally:
            _end(child)


def ask(question: Question, *, live: bool = False, who: Who = ROOT, limit_s: float = LIMIT_S) -> Answer:
    """The answer to one question; raises NotJudgedError."""
    with twins(live=live, who=who, limit_s=limit_s) as answering:
        return answering(question)


def _ask(child: subprocess.Popen[bytes], said: IO[bytes], question: Question, limit_s: float) -> Answer:
    from nimnetcheck.twin import wire  # noqa: PLC0415 (the child is to begin before this is read)

    assert child.stdin and child.stdout  # noqa: S101, PT018 (both are pipes)
    ends = time.monotonic() + limit_s
    try:
        child.stdin.write(wire.dump_question(question).encode() + b"\n")
        child.stdin.flush()
    except BrokenPipeError:
        raise NotJudgedError(f"the twin broke: {_last(said)}") from None
    return wire.read_answer(_line(child.stdout, said, ends, limit_s))


def _line(out: IO[bytes], said: IO[bytes], ends: float, limit_s: float) -> str:
    """One line, unless the time is up or the child is gone."""
    found = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(out, selectors.EVENT_READ)
        while not found.endswith(b"\n"):
            if not selector.select(max(0.0, ends - time.monotonic())):
                raise NotJudgedError(f"the twin did not answer within {limit_s:.0f} s")
            data = os.read(out.fileno(), _MOST)
            if not data:
                raise NotJudgedError(f"the twin broke: {_last(said)}")
            found += data
    return found.decode()


def _last(said: IO[bytes]) -> str:
    """The last words of a child that is gone."""
    said.seek(0)
    lines = said.read().decode("utf-8", "replace").splitlines()
    return next((line for line in reversed(lines) if line.strip()), "without a word")


def _end(child: subprocess.Popen[bytes]) -> None:
    """Whatever happened, the child and its tools are gone."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
    for pipe in (child.stdin, child.stdout):
        if pipe:
            try:
                pipe.close()
            except BrokenPipeError:
                continue
    child.wait()
