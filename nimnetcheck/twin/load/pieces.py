"""Text for a tool in pieces, each line with the rule it holds; a piece is loaded without the lines that are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, Generic, TypeVar

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nimnetcheck.twin.tools import Ran

MAX_REFUSALS = 64
Owner = TypeVar("Owner")


@attrs.frozen
class Line(Generic[Owner]):
    """One line, and what it belongs to; lines of one owner are left out together."""

    text: str
    owner: Owner | None = None


@attrs.frozen
class Refused(Generic[Owner]):
    """What was left out, and the tool's reason."""

    owner: Owner
    because: str


class LoadError(Exception):
    """A piece that does not load, whatever is left out of it."""


def load(
    lines: Sequence[Line[Owner]], run: Callable[[str], Ran], faulty: Callable[[Ran], tuple[int, str] | None]
) -> list[Refused[Owner]]:
    """Load one piece; each line that the tool names as faulty is left out, and the rest tried again.

    `faulty` reads the number of the line, from one, and the reason off the tool's words. Raises LoadError.
    """
    refused: list[Refused[Owner]] = []
    texts = [line.text for line in lines]
    while True:
        ran = run("\n".join(texts) + "\n")
        if not ran.is_refused:
            return refused
        found = faulty(ran)
        owner = lines[found[0] - 1].owner if found and 0 < found[0] <= len(lines) else None
        if owner is None or found is None or len(refused) == MAX_REFUSALS or not texts[found[0] - 1]:
            raise LoadError(ran.reason)
        refused.append(Refused(owner, found[1]))
        _blank(texts, lines, owner)


def _blank(texts: list[str], lines: Iterable[Line[Owner]], owner: Owner) -> None:
    for at, line in enumerate(lines):
        if line.owner is owner:
            texts[at] = ""
