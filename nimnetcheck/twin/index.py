"""Which rule an event means: the twin's rules in their order, beside the captured text in its order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.twin.answer import Firewall, Rule
from nimnetcheck.twin.netlink import netfilter, number, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nimnetcheck.twin.trace import Event

_GET_RULES = 0xA07  # NFNL_SUBSYS_NFTABLES, NFT_MSG_GETRULE
_TABLE, _CHAIN, _HANDLE = 1, 2, 3
_COMMENT = re.compile(r'--comment\s+("(?:[^"\\]|\\.)*"|\S+)|(?<!-m )\bcomment\s+("[^"]*")')
Chain = tuple[str, str, str]


@attrs.frozen(kw_only=True)
class Written:
    """A rule as it was captured: its place in its chain, its words, its line; `loaded` unless the kernel refused it."""

    firewall: Firewall
    number: int
    text: str
    file: str
    line: int
    handle: int | None = None
    loaded: bool = True


def handles() -> dict[Chain, list[int]]:
    """The handles of every chain's rules in the twin, in order."""
    found: dict[Chain, list[int]] = {}
    with netfilter() as asked:
        for message in asked.dump(_GET_RULES):
            got = message.attributes
            chain = (message.words, text(got[_TABLE]), text(got[_CHAIN]))
            found.setdefault(chain, []).append(number(got[_HANDLE]))
    return found


class Index:
    """Names rules: made when everything is loaded, and made again after the twin was changed."""

    def __init__(self, written: Mapping[Chain, Sequence[Written]]) -> None:
        self._written = written
        self._missing = {chain: [rule for rule in rules if not rule.loaded] for chain, rules in written.items()}
        self._by_handle: dict[tuple[Chain, int], Written] = {}
        for chain, there in handles().items():
            loaded = [rule for rule in written.get(chain, ()) if rule.loaded]
            self._by_handle.update(((chain, handle), rule) for handle, rule in zip(there, loaded))

    def name(self, event: Event) -> Rule:
        """The rule, or the policy, of an event."""
        chain = (event.family, event.table, event.chain)
        written = self._by_handle.get((chain, event.handle)) if event.handle is not None else None
        if written is None:
            return Rule(
                firewall=self.firewall(chain),
                family=event.family,
                table=event.table,
                chain=event.chain,
                twin_handle=event.handle,
            )
        return named(chain, written, event.handle)

    def doubt(self, events: Iterable[Event]) -> str:
        """The first rule on the way of these events that is missing in the twin; empty where none is."""
        for event in events:
            chain = (event.family, event.table, event.chain)
            seen = self._by_handle.get((chain, event.handle)) if event.handle is not None else None
            for rule in self._missing.get(chain, ()):
                if seen is None or rule.number < seen.number:
                    return f"rule {rule.number} of {' '.join(chain)} could not be loaded: {rule.text}"
        return ""

    def firewall(self, chain: Chain) -> Firewall:
        """Whose chain it is."""
        return next((rule.firewall for rule in self._written.get(chain, ())), Firewall.NFTABLES)


def named(chain: Chain, written: Written, twin_handle: int | None = None) -> Rule:
    """A captured rule with its place."""
    family, table, name = chain
    return Rule(
        firewall=written.firewall,
        family=family,
        table=table,
        chain=name,
        number=written.number,
        handle=written.handle,
        twin_handle=twin_handle,
        text=written.text,
        comment=comment(written.text),
        file=written.file,
        line=written.line,
    )


def comment(words: str) -> str:
    """The comment inside a rule's words."""
    match = _COMMENT.search(words)
    words = (match[1] or match[2]) if match else ""
    return (words[1:-1] if words.startswith('"') else words).replace('\\"', '"')


def merged(*parts: Mapping[Chain, Iterable[Written]]) -> dict[Chain, tuple[Written, ...]]:
    """The rules of several texts, by chain."""
    found: dict[Chain, tuple[Written, ...]] = {}
    for part in parts:
        for chain, rules in part.items():
            found[chain] = (*found.get(chain, ()), *rules)
    return found
