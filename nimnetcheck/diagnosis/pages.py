"""An entry as a page to read: the same content for `nimnetcheck explain` and for docs/diagnoses; pure."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from nimnetcheck.diagnosis.entries import BY_CODE, DIAGNOSES, LAYERS
from nimnetcheck.diagnosis.words import BLANKS, fill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.diagnosis.entry import Diagnosis
    from nimnetcheck.model import Text

NOTE = "<!-- Made by `make docs` from nimnetcheck/diagnosis/entries; do not edit. -->"


def sections(entry: Diagnosis) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The parts of a page: a heading, and its paragraphs; the meaning comes first, without one."""
    yield "", (entry.explanation,)
    yield "When it is found", (when(entry),)
    yield "What else it could be", entry.alternatives
    yield "How to settle it", (f"`{fill(entry.settle, BLANKS)}`",) if entry.settle else ()
    yield "What to do", (fill(entry.action, BLANKS), *(f"`{fill(command, BLANKS)}`" for command in entry.commands))
    yield "Which causes hide it", tuple(_named(code) for code in entry.hidden_by)
    yield "What follows from it", tuple(_named(other.code) for other in DIAGNOSES if entry.code in other.hidden_by)


def when(entry: Diagnosis) -> str:
    """What must have been seen for an entry to apply, in words."""
    condition = (inspect.getdoc(entry.when) or "").splitlines()[:1] if entry.when else []
    where = f", where this holds: {condition[0].rstrip('.')}" if condition else ""
    ways = []
    if entry.failures:
        ways.append(f"failed with {_either(entry.failures)}{where}")
    if entry.passed:
        ways.append(f"passed on the rung {_either(entry.passed)}{where}")
    if entry.always:
        ways.append(f"failed with {_either(entry.always)}")
    return f"An operation {'; or one '.join(ways)}. Severity: {entry.severity} at most. Confidence: {entry.confidence}."


def page(entry: Diagnosis) -> str:
    """The Markdown page of an entry."""
    lines = [NOTE, "", f"# {entry.code}: {entry.title}"]
    for heading, paragraphs in sections(entry):
        if not paragraphs:
            continue
        lines += ["", *([f"## {heading}", ""] if heading else [])]
        lines += [paragraphs[0]] if len(paragraphs) == 1 else [f"- {paragraph}" for paragraph in paragraphs]
    return "\n".join([*lines, ""])


def index() -> str:
    """The Markdown page that lists all of them, layer by layer."""
    lines = [
        NOTE,
        "",
        "# Diagnoses",
        "",
        "Each code is public and never renamed. `nimnetcheck explain CODE` says the same.",
    ]
    for layer, entries in LAYERS.items():
        lines += ["", f"## {layer}", "", "| code | what it is |", "|---|---|"]
        lines += [f"| [{entry.code}]({entry.code}.md) | {entry.title} |" for entry in entries]
    return "\n".join([*lines, ""])


def pages() -> dict[str, str]:
    """Every file of docs/diagnoses."""
    return {"README.md": index(), **{f"{entry.code}.md": page(entry) for entry in DIAGNOSES}}


def write(folder: Path) -> None:
    """Write them all, and remove what is no longer one."""
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for path in folder.glob("*.md"):
        if path.name not in made:
            path.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")


def _either(words: tuple[Text, ...]) -> str:
    return " or ".join(f"`{word}`" for word in words)


def _named(code: str) -> str:
    return f"`{code}`: {BY_CODE[code].title}"


if __name__ == "__main__":
    write(Path(sys.argv[1]))
