"""What README and the documents show of the commands, run as they stand there.

A block of kind `console` whose command shows an output is run, each page in a folder of its own, in a namespace without
a network. A line `...` stands for lines that are left out. What differs from run to run (times, ids, dates, sums)
counts as equal. `python -m tests.shown` writes the blocks without `...` anew.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FILE = re.compile(r"^`([\w.-]+)`:\n\n```\w*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
OWN = re.compile(r"^nimnetcheck\b(?!.*--help)")  # --help is compared by tests/test_readme.py, letter by letter
VARYING = (
    (re.compile(r"\d+(\.\d+)? ms"), "N ms"),
    (re.compile(r"\d+\.\d+ s\b"), "N s"),
    (re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d:\d\d(\.\d+)?Z?)?"), "DATE"),
    (re.compile(r"\b[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}\b"), "UUID"),
    (re.compile(r"\b[0-9a-f]{12}\b"), "ID"),
    (re.compile(r"\b127\.0\.0\.1 port \d+"), "127.0.0.1 port N"),
    (re.compile(r"\s+"), " "),  # columns are as wide as their longest cell
)


def commands(block: str) -> list[tuple[str, list[str]]]:
    """The commands of a block with the lines that it shows below each."""
    found: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found:
            found[-1][1].append(line)
    return found


def outputs(page: Path) -> list[tuple[str, list[str]]]:
    """The commands of a page that show an output, and the lines of it."""
    text = page.read_text(encoding="utf-8")
    pairs = [pair for block in BLOCK.findall(text) for pair in commands(block)]
    return [(command, lines) for command, lines in pairs if OWN.match(command) and any(lines)]


def prepare(page: Path, folder: Path) -> None:
    """Write the files that a page shows: a line with the name alone, then the block."""
    for name, content in FILE.findall(page.read_text(encoding="utf-8")):
        (folder / name).write_text(content, encoding="utf-8")


def run(command: str, folder: Path) -> list[str]:
    """What a command says where there is loopback, one resolver and nothing else, in the order stdout, stderr."""
    resolver = folder / "resolv.conf"
    resolver.write_text("nameserver 192.0.2.53\n", encoding="utf-8")
    prelude = f"ip link set lo up; mount --bind '{resolver}' /etc/resolv.conf; "
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}:/usr/sbin"
    environment = {
        key: value for key, value in os.environ.items() if key != "NO_COLOR" and not key.startswith("NIMNET")
    }
    done = subprocess.run(
        ["unshare", "-Urnm", "sh", "-ec", prelude + f"set +e; {command}"],
        cwd=folder,
        env={**environment, "COLUMNS": "100", "PYTHONIOENCODING": "utf-8", "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    return (done.stdout + done.stderr).splitlines()


def alike(line: str) -> str:
    for pattern, word in VARYING:
        line = pattern.sub(word, line)
    return line.strip()


def holds(said: list[str], lines: list[str]) -> str:
    """What is shown and not said, or empty; `...` stands for any lines."""
    place, skipping = 0, False
    for line in lines:
        if line.strip() == "...":
            skipping = True
            continue
        wanted = alike(line)
        while place < len(said) and skipping and alike(said[place]) != wanted:
            place += 1
        if place >= len(said) or alike(said[place]) != wanted:
            return f"shown: {line!r}\nsaid:  {said[place] if place < len(said) else 'nothing more'!r}"
        place, skipping = place + 1, False
    rest = [line for line in said[place:] if line.strip()]
    return "" if skipping or not rest else f"said beyond what is shown: {rest[0]!r}"


def rewrite(page: Path) -> None:
    """Put what the commands say now into the blocks of a page."""
    with tempfile.TemporaryDirectory() as folder:
        prepare(page, Path(folder))

        def anew(match: re.Match[str]) -> str:
            text = ""
            for command, lines in commands(match[1]):
                own = OWN.match(command) and any(lines) and "..." not in lines
                said = [line.rstrip() for line in run(command, Path(folder))] if own else lines
                text += "\n".join([f"$ {command}", *said]) + "\n"
            return f"```console\n{text}```"

        page.write_text(BLOCK.sub(anew, page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    for one in PAGES:
        if outputs(one):
            rewrite(one)
