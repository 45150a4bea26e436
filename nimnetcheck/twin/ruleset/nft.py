"""nft's text as statements: which rule of which chain stands on which line; pure.

The text is cut, not understood: blocks by their heads, statements by line ends and semicolons outside braces.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nimnetcheck.twin.capture.value import Source
    from nimnetcheck.twin.load.loaded import Chain

_PIECE = re.compile(r'"[^"]*"?|#[^\n]*|\\\n|[{};\n]|[^"#\\{};\n]+|.')
_HANDLE = re.compile(r"# handle (\d+)\s*$")
_MEMBER = re.compile(r'(?:[^,"]|"[^"]*")+')
END = "}"
_PROPERTIES = (END, "type ", "policy ", "comment ", "device ", "devices ", "flags ")
_FAMILIES = frozenset({"ip", "ip6", "inet", "arp", "bridge", "netdev"})
_RULE_COMMAND = re.compile(
    r"(?:(add|insert)\s+)?rule\s+(?:(ip|ip6|inet|arp|bridge|netdev)\s+)?(\S+)\s+(\S+)\s+(.*)", re.DOTALL
)


@attrs.frozen(kw_only=True)
class Statement:
    """One statement: the blocks around it by their heads, its text without comment signs, its lines from one.

    `handle` is what nft wrote behind it.
    """

    within: tuple[str, ...]
    text: str
    first: int
    last: int
    handle: int | None = None

    @property
    def chain(self) -> Chain | None:
        """The chain (family, table, name) whose rule this is; None for anything else."""
        rule = self.as_rule
        return rule[0] if rule else None

    @property
    def block_chain(self) -> Chain | None:
        """The chain in whose block this stands."""
        if len(self.within) != 2:  # noqa: PLR2004 (table, chain)
            return None
        table, chain = self.within[0].split(), self.within[1].split()
        in_chain = table[0] == "table" and chain[0] == "chain" and len(table) > 1 and len(chain) > 1
        return (*_named(table[1:]), chain[1]) if in_chain else None

    @property
    def as_rule(self) -> tuple[Chain, str, bool] | None:
        """The chain, the rule's own text, and whether it goes before the others."""
        if self.block_chain:
            return None if self.text.startswith(_PROPERTIES) else (self.block_chain, self.text, False)
        match = _RULE_COMMAND.fullmatch(self.text) if not self.within else None
        if not match:
            return None
        return (match[2] or "ip", match[3], match[4]), match[5], match[1] == "insert"


def _named(words: list[str]) -> tuple[str, str]:
    return (words[0], words[1]) if words[0] in _FAMILIES and len(words) > 1 else ("ip", words[0])


def statements(source: Source) -> Iterator[Statement]:
    """The statements in order; a block's head is one too, ` {` at its end, and so is its end."""
    within: list[str] = []
    words: list[str] = []
    first = line = 1
    braces = 0
    for piece in _PIECE.findall(source.text):
        mark = piece[0]
        if piece == "{" and not braces and _is_head(within, "".join(words)):
            head = "".join(words).strip()
            yield Statement(within=tuple(within), text=f"{head} {{", first=first, last=line)
            within.append(head)
            words = []
        elif piece == "}" and not braces:
            yield from _flush(within, words, first, line)
            words = []
            if within:
                yield Statement(within=tuple(within), text=END, first=line, last=line)
                within.pop()
        elif piece in ";\n" and not braces:
            yield from _flush(within, words, first, line)
            words = []
        elif mark == "#":
            handle = _HANDLE.search(piece)
            if handle and "".join(words).strip():
                yield from _flush(within, words, first, line, int(handle[1]))
                words = []
        elif piece != "\\\n":
            braces += (piece == "{") - (piece == "}")
            if not "".join(words).strip():
                words, first = [], line
            words.append(" " if piece == "\n" else piece)
        line += piece.count("\n")
    yield from _flush(within, words, first, line)


def end(found: Sequence[Statement], head: Statement) -> int:
    """The line on which the block of a head ends, and the text's last where it does not end."""
    inside = (*head.within, head.text[: -len(" {")])
    rest = found[found.index(head) :]
    return next((one.last for one in rest if one.text == END and one.within == inside), found[-1].last)


def members(statement: Statement) -> tuple[str, ...]:
    """What a statement fills a set or a map with; empty for any other."""
    if not statement.text.startswith("elements"):
        return ()
    inside = statement.text.partition("{")[2].rpartition("}")[0]
    return tuple(member.strip() for member in _MEMBER.findall(inside) if member.strip())


def sizes(found: Sequence[Statement]) -> dict[Chain, int]:
    """How many elements each set and map has at least; of those that merge them nobody can tell more."""
    merging = {one.within for one in found if one.text == "auto-merge"}
    return {
        (*_named(one.within[0].split()[1:]), one.within[1].split()[1]): 1
        if one.within in merging
        else len(set(filling))
        for one in found
        for filling in (members(one),)
        if filling and len(one.within) == 2  # noqa: PLR2004 (table, set)
    }


def _flush(
    within: list[str], words: list[str], first: int, last: int, handle: int | None = None
) -> Iterator[Statement]:
    text = "".join(words).strip()
    if text:
        yield Statement(within=tuple(within), text=text, first=first, last=last, handle=handle)


def _is_head(within: list[str], text: str) -> bool:
    """Whether a brace opens a block, and not a set or map inside a statement."""
    words = text.split()
    if not within:
        return words[:1] == ["table"] or words[:2] in (["add", "table"], ["create", "table"])
    return len(within) == 1 and bool(words) and words[0] != "elements"
