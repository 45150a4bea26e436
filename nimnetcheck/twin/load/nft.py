"""nft's text into the twin: whole where it can be, in pieces where a message would be too long for an ordinary user."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.twin import tools
from nimnetcheck.twin.answer import Firewall, LeftOut
from nimnetcheck.twin.load import pieces
from nimnetcheck.twin.load.loaded import POLICY, Chain, Loaded, Written
from nimnetcheck.twin.ruleset import nft as nft_text
from nimnetcheck.twin.ruleset.nft import statements

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nimnetcheck.twin.capture.value import Source
    from nimnetcheck.twin.ruleset.nft import Statement
    from nimnetcheck.twin.tools import Ran

# Without the right over the whole machine a socket's send buffer bounds one transaction: measured, 427 rules.
RULES_AT_ONCE = 200
SHOWN_CHARACTERS = 300
ELEMENTS_AT_ONCE = 1000  # measured, 5,272 intervals
_FAULT = re.compile(r"^[^:\n]*:(\d+):\d+-\d+: (?:Error|Warning): (.*)$", re.MULTILINE)
_TOO_LONG = "Message too long"
# An element that had a moment left at the capture was there: it must not end between the loading and the packets.
_LEFT = re.compile(r'(?P<quoted>"[^"]*")|(?: timeout \w+)? expires \w+')
# What a rule names and no packet meets by itself: without it the rule is not loaded either, and is named.
_HARMLESS = ("flowtable ", "counter ", "quota ", "limit ", "ct ", "synproxy ", "secmark ", "set ", "map ")
Refused = pieces.Refused["Statement"]


def load(source: Source, *, confined: bool) -> Loaded:
    """Load a text, in pieces where this process is `confined`; raises pieces.LoadError."""
    found = tuple(statements(source))
    return place(source, {one.owner: one.because for one in _load(source, found, confined=confined)})


def place(source: Source, refused: Mapping[Statement, str] = MappingProxyType({})) -> Loaded:
    """The rules of a text that is in the twin, but for what was refused of it."""
    chains: dict[Chain, list[Written]] = {}
    left_out = []
    doubt = ""
    found = tuple(statements(source))
    for statement in found:
        rule, because = statement.as_rule, refused.get(statement)
        _policy(source, statement, chains)
        if rule:
            _place(chains, rule, _written(source, statement, loaded=because is None))
        if because:
            what = _short(statement.text)
            left_out.append(LeftOut(what=what, because=because, file=source.file, line=statement.first))
            if not rule and not statement.text.startswith(_HARMLESS):
                doubt = doubt or f"{source.file}:{statement.first} could not be loaded: {what}"
    refused_blocks = {(*one.within, one.text[: -len(" {")]) for one in refused if one.text.endswith(" {")}
    return Loaded(
        chains={chain: tuple(rules) for chain, rules in chains.items()},
        sets=nft_text.sizes([one for one in found if one.within not in refused_blocks]),
        left_out=tuple(left_out),
        doubt=doubt,
    )


def _load(source: Source, found: Sequence[Statement], *, confined: bool) -> list[Refused]:
    if not confined or sum(1 for statement in found if statement.chain) <= RULES_AT_ONCE:
        try:
            return pieces.load(_whole(source, found), _run, _faulty)
        except pieces.LoadError as error:
            if _TOO_LONG not in str(error):
                raise
    return [one for piece in _pieces(found) for one in pieces.load(piece, _run, _faulty)]


def _short(text: str) -> str:
    """A statement for a message: what fills a set may be very long."""
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]} ..."


def _policy(source: Source, statement: Statement, chains: dict[Chain, list[Written]]) -> None:
    if statement.text.startswith("policy ") and statement.block_chain:
        written = _written(source, statement, loaded=True)
        chains.setdefault(statement.block_chain, []).insert(0, attrs.evolve(written, number=POLICY))


def _place(chains: dict[Chain, list[Written]], rule: tuple[Chain, str, bool], written: Written) -> None:
    """Put a rule behind the others of its chain, or before them, and number them."""
    there = chains.setdefault(rule[0], [])
    policies = [one for one in there if one.number == POLICY]
    rules = [one for one in there if one.number != POLICY]
    if not rule[2]:
        there.append(attrs.evolve(written, number=len(rules) + 1))
        return
    numbered = (attrs.evolve(one, number=at) for at, one in enumerate((written, *rules), 1))
    chains[rule[0]] = [*policies, *numbered]


def _written(source: Source, statement: Statement, *, loaded: bool) -> Written:
    rule = statement.as_rule
    return Written(
        firewall=Firewall.NFTABLES,
        number=POLICY,
        text=rule[1] if rule else statement.text,
        file=source.file,
        line=statement.first,
        handle=statement.handle,
        loaded=loaded,
    )


def _run(text: str) -> Ran:
    return tools.run(("nft", "-f", "-"), _LEFT.sub(lambda found: found["quoted"] or " timeout 1d", text))


def _faulty(ran: Ran) -> tuple[int, str] | None:
    match = _FAULT.search(ran.said)
    return (int(match[1]), match[2]) if match else None


def _whole(source: Source, found: Sequence[Statement]) -> list[pieces.Line[Statement]]:
    """The text as it stands, its lines so that nft's numbers are the file's.

    What stands on a line with the head of its chain or table is left out with all of that.
    """
    owners: dict[int, Statement | None] = {}
    frame: dict[int, Statement] = {}
    for statement, owner in _owned(found):
        lines = range(statement.first, statement.last + 1)
        owners.update((line, owner) for line in lines if owner)
        frame.update((line, frame.get(line, statement)) for line in lines if not owner)
    for line in sorted(owners.keys() & frame.keys(), reverse=True):
        head = frame[line] if frame[line].text != nft_text.END else None
        last = nft_text.end(found, head) if head else line
        owners.update((at, head) for at in range(line, last + 1))
    return [pieces.Line(text, owners.get(at)) for at, text in enumerate(source.text.split("\n"), 1)]


def _pieces(found: Sequence[Statement]) -> Iterator[list[pieces.Line[Statement]]]:
    """Everything but rules and what fills large sets first; then that; then the rules in their order."""
    large = [statement for statement in found if _is_large(statement)]
    apart = {*large, *(statement for statement in found if statement.chain)}
    yield [pieces.Line(statement.text, owner) for statement, owner in _owned(found) if statement not in apart]
    for statement in large:
        yield from _filling(statement)
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


def _is_large(statement: Statement) -> bool:
    """Whether a statement fills a set or a map with more than one message holds."""
    return statement.text.startswith("elements") and statement.text.count(",") >= ELEMENTS_AT_ONCE


def _filling(statement: Statement) -> Iterator[list[pieces.Line[Statement]]]:
    table, name = statement.within[0].split(" ", 1)[1], statement.within[1].split()[1]
    members = nft_text.members(statement)
    for at in range(0, len(members), ELEMENTS_AT_ONCE):
        some = ", ".join(members[at : at + ELEMENTS_AT_ONCE])
        yield [pieces.Line(f"add element {table} {name} {{ {some} }}", statement)]


def _add(statement: Statement) -> str:
    rule = statement.as_rule
    if rule is None or len(statement.within) == 0:
        return statement.text
    (family, table, chain), text, _ = rule
    return f"add rule {family} {table} {chain} {text}"
