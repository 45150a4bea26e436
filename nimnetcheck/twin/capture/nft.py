"""nft's text: what must not be loaded is refused, and the tables of iptables-nft are set apart.

nft prints tables that belong to iptables-nft in words that reload with another meaning, or not at all. They are loaded
from a save instead; where there is none, and nft's text of them is not whole, they are missing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.twin.capture import nft_refusal as capture_nft_refusal
from nimnetcheck.twin.capture.value import Source, Unread

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

XT_TABLES = frozenset({"filter", "nat", "mangle", "raw", "security"})
_QUOTED_OR_COMMENT = re.compile(r'"[^"]*"|#.*')
_TABLE = re.compile(r"\s*table\s+(?:(ip|ip6|inet|arp|bridge|netdev)\s+)?([^\s{]+)\s*\{")
_OWNER = re.compile(r"\bflags\s+((?:[a-z]+\s*,\s*)*owner(?:\s*,\s*[a-z]+)*)\b;?")
_FOREIGN = re.compile(r"\bxt\s+(?:match|target)\b")
# iptables-nft's own chains; in rules between them nft loses the "!" of a connection's status, and what it has no word
# for leaves a space too many.
_OF_IPTABLES = re.compile(r"\s*chain (?:PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING) \{")
_LOSSY = re.compile(r"\bct status\b|\S  \S|^\t+ \S")
# What iptables has no words for, though its table can hold it; only sets of ports are its own too (multiport).
_STRANGE = re.compile(r"@\w|\bv?map\b|\b[sd]addr (?:!= )?\{|^(?!.*\bcounter\b).*\{ .*\}")
_HIDDEN = re.compile(r"#\s*(?=xt_)")


@attrs.frozen(kw_only=True)
class Table:
    """A table and its lines, counted from one, the last one included."""

    family: str
    name: str
    first: int
    last: int

    @property
    def is_of_iptables(self) -> bool:
        """Whether iptables-nft would keep its rules there."""
        return self.family in {"ip", "ip6"} and self.name in XT_TABLES


@attrs.frozen(kw_only=True)
class Ruleset:
    """nft's text, divided: what is loaded from it, and what is only compared.

    `unsaved` are tables that no save tells right, as family and name.
    """

    native: Source
    shadow: Source
    unread: tuple[Unread, ...] = ()
    unsaved: frozenset[tuple[str, str]] = frozenset()


def divide(source: Source, saved: Collection[tuple[str, str]] = ()) -> Ruleset:
    """Set apart the tables that a save holds (`saved`, as family and name); raises InputError for a hostile text."""
    lines = source.text.split("\n")
    masked = [_mask(line) for line in lines]
    capture_nft_refusal.check(source, masked)
    apart: set[int] = set()
    unread: list[Unread] = []
    unsaved = set()
    for table in tables(masked):
        if not table.is_of_iptables:
            continue
        foreign = _first_foreign(lines, masked, table)
        if (table.family, table.name) in saved:
            apart.update(range(table.first, table.last + 1))
            strange = _strange(source, masked, table)
            if strange:
                unread.append(strange)
                unsaved.add((table.family, table.name))
        elif foreign:
            apart.update(range(table.first, table.last + 1))
            unread.append(_missing(source, table, foreign))
    native = ["" if number in apart else _whole(*pair) for number, pair in enumerate(zip(lines, masked), 1)]
    shadow = [line if number in apart else "" for number, line in enumerate(lines, 1)]
    return Ruleset(
        native=attrs.evolve(source, text="\n".join(native)),
        shadow=attrs.evolve(source, text="\n".join(shadow)),
        unread=tuple(unread),
        unsaved=frozenset(unsaved),
    )


def tables(masked: Iterable[str]) -> Iterator[Table]:
    """The blocks `table FAMILY NAME { … }`."""
    depth, begun = 0, None
    for number, line in enumerate(masked, 1):
        match = _TABLE.match(line) if depth == 0 else None
        if match:
            begun = (match.group(1) or "ip", match.group(2), number)
        depth = max(0, depth + line.count("{") - line.count("}"))
        if begun and depth == 0:
            yield Table(family=begun[0], name=begun[1], first=begun[2], last=number)
            begun = None


def has_table(source: Source, family: str, name: str) -> bool:
    """Whether a table is in the text."""
    masked = map(_mask, source.text.split("\n"))
    return any((table.family, table.name) == (family, name) for table in tables(masked))


def without(source: Source, family: str, name: str) -> Source:
    """The text with one table left out, and every line in its place."""
    lines = source.text.split("\n")
    for table in tables([_mask(line) for line in lines]):
        if (table.family, table.name) == (family, name):
            lines[table.first - 1 : table.last] = [""] * (table.last - table.first + 1)
    return attrs.evolve(source, text="\n".join(lines))


def _mask(line: str) -> str:
    """The line with quoted text and comments blotted out, everything else where it was."""
    return _QUOTED_OR_COMMENT.sub(_blot, line)


def _blot(match: re.Match[str]) -> str:
    text = match.group()
    return " " * len(text) if text.startswith("#") else "'" + "_" * (len(text) - 2) + "'"


def _first_foreign(lines: list[str], masked: list[str], table: Table) -> int:
    """The first line of the table that nft cannot print whole; 0 when it can."""
    numbers = range(table.first, table.last + 1)
    lossy = any(_OF_IPTABLES.match(masked[n - 1]) for n in numbers)
    for number in numbers:
        line = masked[number - 1]
        if _FOREIGN.search(line) or _hidden(lines[number - 1], line) or (lossy and _LOSSY.search(line.rstrip())):
            return number
    return 0


def _hidden(line: str, masked: str) -> re.Match[str] | None:
    """A comment that holds part of a rule: old versions print so what they do not know."""
    return _HIDDEN.match(line, max(0, line.find("#", len(masked.rstrip()))))


def _whole(line: str, masked: str) -> str:
    """The line as it may be loaded.

    A table with an owner vanishes when the tool that loaded it ends, so it gets none. What a comment hides of a rule is
    uncovered, so that the tool refuses the rule instead of loading half of it.
    """
    hidden = _hidden(line, masked)
    if hidden:
        line = line[: hidden.start()] + line[hidden.end() :]
    owner = _OWNER.search(masked)
    if not owner:
        return line
    flags = [flag for flag in re.findall(r"\w+", owner.group(1)) if flag not in {"owner", "persist"}]
    kept = f"flags {', '.join(flags)}" if flags else ""
    return line[: owner.start()] + kept + line[owner.end() :]


def _strange(source: Source, masked: Sequence[str], table: Table) -> Unread | None:
    """The first rule that nft put into a table of iptables, whose save says something else of it."""
    for number in range(table.first + 1, table.last):
        line = masked[number - 1]
        if _STRANGE.search(line) and not line.rstrip().endswith("{"):
            because = "put into a table of iptables by nft, and iptables-save says something else of it"
            return Unread(part=f"table {table.family} {table.name}", because=f"{source.file}:{number}: {because}")
    return None


def _missing(source: Source, table: Table, line: int) -> Unread:
    tool = "ip6tables-nft-save" if table.family == "ip6" else "iptables-nft-save"
    return Unread(
        part=f"table {table.family} {table.name}",
        because=f"{source.file}:{line}: kept by iptables-nft, and nft cannot print it whole: {tool} is needed too",
    )
