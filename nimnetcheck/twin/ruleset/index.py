"""Which rule an event means: the twin's rules in their order, beside the captured text in its order; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nimnetcheck.twin.answer import Firewall, Rule
from nimnetcheck.twin.load.loaded import LEGACY, POLICY, SOME
from nimnetcheck.twin.ruleset.limits import is_chance, is_limit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Callable

    from nimnetcheck.twin.load.loaded import Chain, Written
    from nimnetcheck.twin.packets.trace import Event

_COMMENT = re.compile(r'--comment\s+("(?:[^"\\]|\\.)*"|\S+)|(?<!-m )\bcomment\s+("[^"]*")')


class Index:
    """Names the rules of a twin as they are when it is made."""

    def __init__(self, written: Mapping[Chain, Sequence[Written]], there: Mapping[Chain, Sequence[int]]) -> None:
        self._policies = {chain: rules[0] for chain, rules in written.items() if rules and rules[0].number == POLICY}
        self._missing = _marked(written, lambda rule: bool(rule.really) or not (rule.loaded or rule.passed_over))
        self._limits = _marked(written, lambda rule: rule.loaded and is_limit(rule.text))
        self._chance = _marked(written, lambda rule: rule.loaded and is_chance(rule.text))
        self._by_handle: dict[tuple[Chain, int], Written] = {}
        self._firewalls = {chain: rules[0].firewall for chain, rules in written.items() if rules}
        for chain, rules in written.items():
            loaded = [rule for rule in rules if rule.loaded and rule.number != POLICY]
            # The old iptables numbers its rules, in the order in which they stand.
            known = range(1, len(loaded) + 1) if chain[0].endswith(LEGACY) else there.get(chain, ())
            self._by_handle.update(((chain, handle), rule) for handle, rule in zip(known, loaded))

    def name(self, event: Event) -> Rule:
        """The rule, or the policy, of an event."""
        chain = (event.family, event.table, event.chain)
        written = self._written(event)
        family, table, name = event.family.partition("-")[0], event.table, event.chain
        if written is None:
            firewall = self._firewalls.get(chain, Firewall.NFTABLES)
            some = SOME if event.handle is not None else None
            return Rule(
                firewall=firewall, family=family, table=table, chain=name, number=some, twin_handle=event.handle
            )
        return Rule(
            firewall=written.firewall,
            family=family,
            table=table,
            chain=name,
            number=written.number if written.number != POLICY else None,
            handle=written.handle,
            twin_handle=event.handle,
            text=written.text,
            comment=comment(written.text),
            file=written.file,
            line=written.line if written.file else None,
        )

    def doubt(self, events: Iterable[Event]) -> str:
        """The first rule on the way of these events that is missing in the twin, or left to chance."""
        missing = self._on_the_way(events, self._missing)
        if missing:
            place, rule = missing
            return f"{place} {_why(rule)}"
        chance = self._on_the_way(events, self._chance)
        return f"{chance[0]} is left to chance: {chance[1].text}" if chance else ""

    def limit(self, events: Iterable[Event]) -> str:
        """The first rule on the way that decides by what passed it before."""
        limit = self._on_the_way(events, self._limits)
        return f"{limit[0]} {limit[1].text}" if limit else ""

    def _on_the_way(
        self, events: Iterable[Event], marked: Mapping[Chain, Sequence[Written]]
    ) -> tuple[str, Written] | None:
        """The first of the marked rules that these events passed, and its place."""
        for event in events:
            chain = (event.family, event.table, event.chain)
            if chain not in marked:
                continue
            seen = self._written(event)
            reached = seen.number if seen and seen.number != POLICY else None
            for rule in marked[chain]:
                if reached is None or rule.number <= reached:
                    return f"rule {rule.number} of {' '.join(chain)}", rule
        return None

    def _written(self, event: Event) -> Written | None:
        chain = (event.family, event.table, event.chain)
        if event.handle is None:
            return self._policies.get(chain)
        return self._by_handle.get((chain, event.handle))


def _why(rule: Written) -> str:
    if rule.really:
        return f"is not what iptables-save prints ({rule.text}), but: {rule.really}"
    return f"could not be loaded: {rule.text}"


def _marked(
    written: Mapping[Chain, Sequence[Written]], is_one: Callable[[Written], bool]
) -> dict[Chain, tuple[Written, ...]]:
    """The rules of that kind, of the chains that have any."""
    found = {chain: tuple(rule for rule in rules if is_one(rule)) for chain, rules in written.items()}
    return {chain: rules for chain, rules in found.items() if rules}


def comment(words: str) -> str:
    """The comment inside a rule's words."""
    match = _COMMENT.search(words)
    found = (match[1] or match[2]) if match else ""
    return (found[1:-1] if found.startswith('"') else found).replace('\\"', '"')
