"""nft's text into the twin: whole where it can be, in pieces where a message would be too long for an ordinary user."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nimnetcheck.twin import nft_text, pieces, tools
from nimnetcheck.twin.nft_text import statements

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nimnetcheck.twin.capture import Source
    from nimnetcheck.twin.nft_text import Statement
    from nimnetcheck.twin.tools import Ran

# Without the right over the whole machine a socket's send buffer bounds one transaction: measured, 427 rules.
RULES_AT_ONCE = 200
_FAULT = re.compile(r"^[^:\n]*:(\d+):\d+-\d+: (?:Error|Warning): (.*)$", re.MULTILINE)
_TOO_LONG = "Message too long"
Refused = pieces.Refused["Statement"]


def load(source: Source) -> tuple[Refused, ...]:
    """Load a text; the statements that this kernel or this nft would not take. Raises pieces.LoadError."""
    found = tuple(statements(source))
    try:
        return tuple(pieces.load(_whole(source, found), _run, _faulty))
    except pieces.LoadError as error:
        if _TOO_LONG not in str(error):
            raise
    refused: list[Refused] = []
    for piece in _pieces(found):
        refused += pieces.load(piece, _run, _faulty)
    return tuple(refused)


def _run(text: str) -> Ran:
    return tools.run(("nft", "-f", "-"), text)


def _faulty(ran: Ran) -> tuple[int, str] | None:
    match = _FAULT.search(ran.said)
    return (int(match[1]), match[2]) if match else None


def _whole(source: Source, found: Sequence[Statement]) -> list[pieces.Line[Statement]]:
    """The text as it stands, its lines so that nft's numbers are the file's."""
    owners: dict[int, Statement] = {}
    for statement, owner in _owned(found):
        if owner:
            owners.update((line, owner) for line in range(statement.first, statement.last + 1))
    return [pieces.Line(text, owners.get(at)) for at, text in enumerate(source.text.split("\n"), 1)]


def _pieces(found: Sequence[Statement]) -> Iterator[list[pieces.Line[Statement]]]:
    """Everything but the rules first, then the rules in their order."""
    owned = list(_owned(found))
    yield [pieces.Line(statement.text, owner) for statement, owner in owned if not statement.chain]
    rules = [statement for statement in found if statement.chain]
    for at in range(0, len(rules), RULES_AT_ONCE):
        yield [pieces.Line(_add(rule), rule) for rule in rules[at : at + RULES_AT_ONCE]]


def _owned(found: Sequence[Statement]) -> Iterator[tuple[Statement, Statement | None]]:
    """Each statement with what must be left out if it is: itself, or the whole set, map or object that it is part of.

    The frame of tables and chains cannot be left out.
    """
    heads: list[Statement] = []
    for statement in found:
        if statement.text == nft_text.END:
            yield statement, _block(heads)
            heads.pop()
            continue
        if statement.text.endswith(" {"):
            heads.append(statement)
            yield statement, _block(heads)
        else:
            yield statement, _block(heads) or statement


def _block(heads: Sequence[Statement]) -> Statement | None:
    """The set, map or object around a statement."""
    return next((head for head in heads if head.within and not head.text.startswith("chain ")), None)


def _add(statement: Statement) -> str:
    rule = statement.as_rule
    if rule is None or len(statement.within) == 0:
        return statement.text
    (family, table, chain), text, _ = rule
    return f"add rule {family} {table} {chain} {text}"
