"""A page to hand on, as headings, paragraphs, lists, tables and code: written in Markdown or in plain text; pure."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Union

import attrs
from tabulate import tabulate

from nimnetcheck.report.style import Style

if TYPE_CHECKING:
    from collections.abc import Sequence

PLAIN = Style()
WIDTH = 78  # what a ticket system's e-mail leaves whole
CELL = 34
MARKUP = re.compile(r"([\\`*_\[\]<>|#])")


@attrs.frozen
class Heading:
    """A heading; the first is the page's title."""

    words: str


@attrs.frozen
class Paragraph:
    """A paragraph, wrapped where it is plain text."""

    words: str


@attrs.frozen
class Bullets:
    """A list."""

    items: tuple[str, ...]


@attrs.frozen
class Table:
    """Rows under headers; a column in which nothing stands is left out."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def filled(self) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """Headers and rows without the empty columns."""
        kept = [at for at in range(len(self.headers)) if any(row[at] for row in self.rows)]
        rows = [tuple(_line(row[at]) for at in kept) for row in self.rows]
        return tuple(self.headers[at] for at in kept), rows


@attrs.frozen
class Code:
    """Text that must stay as it is: commands, rules."""

    text: str


Block = Union[Heading, Paragraph, Bullets, Table, Code]


def markdown(blocks: Sequence[Block]) -> str:
    """The page in Markdown, as GitHub, GitLab and Jira's importers read it."""
    first, *rest = blocks
    return "\n\n".join([_markdown(first, level=1), *(_markdown(block) for block in rest)]) + "\n"


def text(blocks: Sequence[Block]) -> str:
    """The page in plain text for an e-mail: no line of prose longer than 78 columns."""
    first, *rest = blocks
    return "\n\n".join([_text(first, rule="="), *(_text(block) for block in rest)]) + "\n"


def _markdown(block: Block, level: int = 2) -> str:
    if isinstance(block, Heading):
        return f"{'#' * level} {_escaped(block.words)}"
    if isinstance(block, Paragraph):
        return _escaped(block.words)
    if isinstance(block, Bullets):
        return "\n".join(f"- {_escaped(item)}" for item in block.items)
    if isinstance(block, Code):
        code = PLAIN.safe(block.text)
        fence = "`" * max([3, *(len(run) + 1 for run in re.findall(r"`+", code))])
        return f"{fence}\n{code}\n{fence}"
    headers, rows = block.filled()
    return tabulate([[_escaped(cell) for cell in row] for row in rows], headers, "pipe", disable_numparse=True)


def _text(block: Block, rule: str = "-") -> str:
    if isinstance(block, Heading):
        words = _line(block.words)
        return f"{words}\n{rule * min(len(words), WIDTH)}"
    if isinstance(block, Paragraph):
        return textwrap.fill(_line(block.words), WIDTH, break_on_hyphens=False, break_long_words=False)
    if isinstance(block, Bullets):
        return "\n".join(_bullet(_line(item)) for item in block.items)
    if isinstance(block, Code):
        return textwrap.indent(PLAIN.safe(block.text), "    ")
    headers, rows = block.filled()
    wrapped = [[textwrap.fill(cell, CELL, break_on_hyphens=False) for cell in row] for row in rows]
    table = tabulate(wrapped, headers, "simple", disable_numparse=True)
    return "\n".join(line.rstrip() for line in table.splitlines())


def _bullet(item: str) -> str:
    return textwrap.fill(item, WIDTH, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False)


def _line(words: str) -> str:
    """One line that is safe on a screen."""
    return " ".join(PLAIN.safe(words).split())


def _escaped(words: str) -> str:
    """One line in which nothing is markup, but what is `quoted` is code."""
    parts = _line(words).split("`")
    if len(parts) % 2 == 0:
        return MARKUP.sub(r"\\\1", _line(words))
    return "".join(f"`{_piped(part)}`" if at % 2 else MARKUP.sub(r"\\\1", part) for at, part in enumerate(parts))


def _piped(code: str) -> str:
    """Code that may stand in a table's cell."""
    return code.replace("|", r"\|")
