"""Rules that iptables-save does not print as they are: pure.

Somebody put them into a table of iptables-nft with nft, and a save shows what is left of them: `ip daddr { … } drop` as
`-j DROP`. What nft printed of the table on its host tells.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.twin.ruleset.nft import statements

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nimnetcheck.twin.capture.value import Source
    from nimnetcheck.twin.load.loaded import Chain, Written

_COUNTER = re.compile(r"\bcounter packets \d+ bytes \d+")
_QUOTED = re.compile(r'"[^"]*"')
# iptables-nft counts with every rule, and has no words for sets and maps of nft.
_OURS = re.compile(r"\bcounter\b")
_FOREIGN = re.compile(r"(?<!\S)@(?!(?:ll|nh|th|ih),)\w|\bvmap\b")


def rules(source: Source) -> dict[Chain, list[str]]:
    """The rules of each chain in nft's words, without counts."""
    found: dict[Chain, list[str]] = {}
    for statement in statements(source):
        rule = statement.as_rule
        if rule:
            found.setdefault(rule[0], []).append(" ".join(_COUNTER.sub("counter", rule[1]).split()))
    return found


def is_foreign(words: str) -> bool:
    """Whether iptables cannot have made a rule that nft prints so."""
    plain = _QUOTED.sub("", words)
    return not _OURS.search(plain) or bool(_FOREIGN.search(plain))


def marked(
    written: Mapping[Chain, Sequence[Written]],
    host: Mapping[Chain, Sequence[str]],
    twin: Mapping[Chain, Sequence[str]] | None,
) -> dict[Chain, tuple[Written, ...]]:
    """The same rules, those that are others on the host with what nft prints of them there.

    `twin` is what nft prints of them in the twin: only an nft of the same version prints the same rule the same way.
    """
    found = {}
    for chain, there in written.items():
        printed = twin.get(chain, ()) if twin is not None else None
        found[chain] = tuple(_rules(there, host.get(chain, ()), printed))
    return found


def _rules(rules: Sequence[Written], host: Sequence[str], twin: Sequence[str] | None) -> Iterator[Written]:
    there = list(twin) if twin is not None else []
    for rule in rules:
        here = there.pop(0) if there and rule.number and rule.loaded else None
        words = host[rule.number - 1] if 0 < rule.number <= len(host) else None
        differs = here is not None and here != words and "--uid-owner" not in rule.text
        yield attrs.evolve(rule, really=words) if words and (differs or is_foreign(words)) else rule
