"""What is seen while a command runs: each line once and in time, progress on a terminal only."""

from __future__ import annotations

import json
import os
import pty
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from nimnetcheck.cli.live import CLEAR, Live
from nimnetcheck.run import Run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMAND = [sys.executable, "-m", "nimnetcheck", "probe"]


@pytest.fixture
def silent() -> Iterator[str]:
    """A target that never answers: its queue of connections is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        waiting = [socket.socket() for _ in range(3)]
        for sock in waiting:
            sock.setblocking(False)  # noqa: FBT003 (the standard library's signature)
            sock.connect_ex(server.getsockname())
        yield f"127.0.0.1:{server.getsockname()[1]}"
        for sock in waiting:
            sock.close()


@pytest.fixture
def closed() -> Iterator[str]:
    """A target that refuses: bound, and nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{sock.getsockname()[1]}"


def lines(text: str) -> list[Any]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_line_comes_as_soon_as_something_is_seen_and_none_comes_twice(silent: str, closed: str) -> None:
    command = [*COMMAND, "-o", "jsonl", "--timeout", "4", silent, closed]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        first = running.stdout.readline()
        assert running.poll() is None  # it still waits for the silent one
        rest = running.stdout.read()
    assert json.loads(first)["failure"] == "tcp_refused"
    told = lines(first + rest)
    assert [line["type"] for line in told] == ["observation"] * 4 + ["report"]
    assert [(line["rung"], line["outcome"]) for line in told[:4]] == [
        ("tcp", "failed"),
        ("tls", "skipped"),
        ("tcp", "failed"),
        ("tls", "skipped"),
    ]
    assert told[-1]["summary"]["exit_code"] == running.returncode == 1


@pytest.mark.slow
def test_a_reader_that_is_slow_makes_no_probe_late() -> None:
    command = [*COMMAND, "-o", "jsonl", "--against", "emulator", "--timeout", "3", "telemetry-range"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        running.stdout.readline()
        time.sleep(4)  # by now what is unread fills the pipe, and a loop that wrote itself would be past its time
        *observations, last = lines(running.stdout.read())
    assert {line["outcome"] for line in observations} == {"passed"}
    assert last["summary"]["verdict"] == "PASS"


def test_a_file_gets_all_lines_at_once(silent: str, tmp_path: Path) -> None:
    path = tmp_path / "lines"
    command = [*COMMAND, "-o", "jsonl", "--output-file", str(path), "--timeout", "0.3", silent]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    written = lines(path.read_text(encoding="utf-8"))
    assert [line["type"] for line in written] == ["observation", "observation", "report"]
    assert (done.stdout, done.stderr) == ("", "")


def _on_a_terminal(*arguments: str) -> tuple[str, str]:
    """What a command says on stdout, and on a stderr that is a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=theirs, text=True) as running:
        os.close(theirs)
        said, _ = running.communicate()
    seen = b""
    try:
        while chunk := os.read(ours, 4096):
            seen += chunk
    except OSError:
        pass  # how Linux says that the other end of a terminal is closed
    os.close(ours)
    return said, seen.decode()


def test_progress_is_shown_on_a_terminal_and_wiped_at_the_end(silent: str) -> None:
    said, seen = _on_a_terminal("--timeout", "2", silent)
    assert "waiting after 1 s" in seen
    assert seen.endswith(CLEAR)
    assert "after 1 s" not in said
    assert said.startswith("FAIL")


def test_no_progress_where_it_is_not_wanted(silent: str) -> None:
    assert _on_a_terminal("-q", "--timeout", "1.5", silent)[1] == ""


def test_what_is_waited_for_is_said_while_it_is() -> None:
    teller = Live(Run(command="diagnose"), None)
    with teller.waiting("waiting with silent connections (--idle 300)"):
        assert teller.progress() == "waiting with silent connections (--idle 300) after 0 s"
    assert teller.progress() == "waiting after 0 s"
