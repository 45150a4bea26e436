"""A command line that dies at a step of its own, for the crash tests: started once, forked for each life.

A step is what other machines or the disk can see of a program: a write, a sync, a truncation, a piece sent, a piece
received. Life ends by SIGKILL just before or just after one, as by the kernel's own hand: no cleaning up.
Reads lines of JSON, {"arguments": [...], "dies_at": 7}; answers with {"signal": 9} or {"exit": 0, "steps": 41}.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import ssl
import sys
from typing import Any, Callable

from nimnetcheck.cli import run, simulate
from nimnetcheck.submission import client, licence

WARM = (client, licence, simulate)  # imported once, in every life


def mortal(dies_at: int) -> itertools.count[int]:
    """Count steps from now on, and die at that one; 0 lives on."""
    steps = itertools.count(1)
    before = ""

    def step(name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def stepping(*given: Any, **named: Any) -> Any:  # noqa: ANN401 (whatever it takes and gives)
            nonlocal before
            is_one = (name, before) != ("recv", "recv")  # in how many pieces an answer comes is chance
            before = name
            if is_one and next(steps) == dies_at:
                os.kill(os.getpid(), signal.SIGKILL)
            result = act(*given, **named)
            if is_one and next(steps) == dies_at:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return stepping

    for name in ("write", "fsync", "fdatasync", "ftruncate"):
        setattr(os, name, step(name, getattr(os, name)))
    for name in ("send", "recv"):
        setattr(ssl.SSLSocket, name, step(name, getattr(ssl.SSLSocket, name)))
    return steps


def live(arguments: list[str], dies_at: int, report: int) -> None:
    """One life, in a process of its own."""
    silence = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(silence, descriptor)
    write = os.write
    steps = mortal(dies_at)
    code = run(arguments)
    write(report, json.dumps({"exit": code, "steps": next(steps) - 1}).encode())
    os._exit(0)


def main() -> None:
    """Give birth to one after the other."""
    for line in sys.stdin:
        life = json.loads(line)
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            live(life["arguments"], life["dies_at"], writer)
        os.close(writer)
        with open(reader, "rb") as file:  # noqa: PTH123 (a descriptor)
            said = file.read()
        _, status = os.waitpid(child, 0)
        print(said.decode() or json.dumps({"signal": os.WTERMSIG(status)}), flush=True)  # noqa: T201 (its answer)


if __name__ == "__main__":
    main()
