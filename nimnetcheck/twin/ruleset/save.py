"""A save of iptables as tables, chains and rules with their lines; and what a rule does with a packet: pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.twin.packets.trace import Act

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.twin.capture.value import Source

_RULE = re.compile(r"(?:\[\d+:\d+\]\s+)?(-A\s+(\S+).*)")
_TARGET = re.compile(r"\s(?:-j|--jump)\s+(\S+)")
_GOTO = re.compile(r"\s(?:-g|--goto)\s+(\S+)")
_OWNERS = {what: re.compile(rf"(!\s+)?--{what}-owner\s+(\d+)(?:-(\d+))?") for what in ("uid", "gid")}
_OWNER_MATCH = re.compile(r"\s-m\s+owner(?=\s|$)")
_ANY_GROUP = "--suppl-groups"  # which they are is not known here
_OTHERS = re.compile(r"--[ug]id-owner|--socket-exists|--suppl-groups")
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_ENDS = {
    "DROP": Act.DROP,
    "REJECT": Act.DROP,
    "ACCEPT": Act.ACCEPT,
    "RETURN": Act.RETURN,
    "QUEUE": Act.QUEUE,
    "NFQUEUE": Act.QUEUE,
}


@attrs.frozen
class SavedChain:
    """A chain; `policy` is `-` for one of the user's."""

    name: str
    policy: str
    line: int


@attrs.frozen
class SavedRule:
    """A rule without its counters."""

    chain: str
    text: str
    line: int


@attrs.frozen
class SavedTable:
    """A table, its chains and its rules in order."""

    name: str
    chains: tuple[SavedChain, ...]
    rules: tuple[SavedRule, ...]


def tables(source: Source) -> Iterator[SavedTable]:
    """The tables of a save."""
    name, chains, rules = "", list[SavedChain](), list[SavedRule]()
    for number, raw in enumerate(source.text.split("\n"), 1):
        line = raw.strip()
        if line.startswith("*"):
            name, chains, rules = line[1:].strip(), [], []
        elif line == "COMMIT":
            yield SavedTable(name, tuple(chains), tuple(rules))
        elif line.startswith(":"):
            chain, policy = line[1:].split()[:2]
            chains.append(SavedChain(chain, policy, number))
        else:
            match = _RULE.fullmatch(line)
            if match:
                rules.append(SavedRule(match[2], match[1], number))


def act(text: str, chains: frozenset[str]) -> tuple[Act, str]:
    """What a rule that matches does, and the chain that it leads to."""
    words = QUOTED.sub("", text)
    goto, target = _GOTO.search(words), _TARGET.search(words)
    if goto:
        return Act.GOTO, goto[1]
    name = target[1] if target else ""
    if name in chains:
        return Act.JUMP, name
    return _ENDS.get(name, Act.CONTINUE), ""


def for_sender(text: str, user: int, group: int) -> str | None:
    """The rule as it meets packets of one sender where there is no other; None where it meets none of them."""
    met = _for_owner(text, "uid", user)
    return met and _for_owner(met, "gid", group)


def _for_owner(text: str, what: str, number: int) -> str | None:
    masked = QUOTED.sub(lambda quoted: "\0" * len(quoted[0]), text)
    match = _OWNERS[what].search(masked)
    if not match or (what == "gid" and _ANY_GROUP in masked):
        return text
    first, last = int(match[2]), int(match[3] or match[2])
    if first == last == number:
        return text
    if (first <= number <= last) is bool(match[1]):
        return None
    cut = [(match.start(), match.end())]
    if not _OTHERS.search(masked[: match.start()] + masked[match.end() :]):
        cut += [found.span() for found in _OWNER_MATCH.finditer(masked)]
    for start, end in sorted(cut, reverse=True):
        text = text[:start] + text[end:]
    return text
