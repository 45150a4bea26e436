"""Where a change belongs: before the rule that blocks, or before the jump to a chain that does nothing else. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.twin.answer import Firewall
from nimnetcheck.twin.capture.value import Variant
from nimnetcheck.twin.ruleset.nft import statements

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimnetcheck.twin.answer import Rule
    from nimnetcheck.twin.capture.value import Capture, Save
    from nimnetcheck.twin.fix.change import Block

    Chain = tuple[Firewall, str, str, str]
    Chains = Mapping[Chain, tuple[str, ...]]

_FIREWALLS = {Variant.NFT: Firewall.IPTABLES_NFT, Variant.LEGACY: Firewall.IPTABLES_LEGACY}
_APPENDED = re.compile(r"(?:\[\d+:\d+\] )?-A (\S+)(?: (.*))?")
# What ends a packet's way whatever it is, and what only writes about it first.
_ENDS = re.compile(
    r"(?:counter\s*)?(?:log\b.*)?(?:drop|reject\b.*)|(?:-m comment --comment \S+ )*-j (?:DROP|REJECT\b.*)",
)
_WRITES = re.compile(r"(?:limit rate\b.*|counter\s*)?log\b.*|(?:-m limit\b.*)?-j (?:LOG|NFLOG|ULOG|AUDIT)\b.*")


def chains(capture: Capture) -> Chains:
    """The rules of every chain, in order."""
    found: dict[Chain, list[str]] = {}
    if capture.nft:
        for statement in statements(capture.nft):
            rule = statement.as_rule
            if rule:
                found.setdefault((Firewall.NFTABLES, *rule[0]), []).append(rule[1])
    for save in capture.saves:
        _add(found, save)
    return {chain: tuple(rules) for chain, rules in found.items()}


def before(block: Block, known: Chains) -> Rule:
    """The rule that a change goes before; a policy (its number is None) where the chain's end blocks.

    A chain that only logs and drops is a verdict with a name: an accept inside would be logged as a drop, and would be
    shared with all others who jump there.
    """
    steps = [*block.path, block.rule]
    while len(steps) > 1 and _only_drops(known.get(chain_of(steps[-1]), ())):
        steps.pop()
    return steps[-1]


def left_to_the_site(block: Block, chain: str, known: Chains) -> Rule | None:
    """The head of a chain that is kept for the site's own rules, where the chain that blocks jumps there."""
    base = (block.path or (block.rule,))[0]
    jumps = any(re.search(rf"-j {chain}$", rule) for rule in known.get(chain_of(base), ()))
    if not jumps or block.rule.chain == chain:
        return None
    return attrs.evolve(base, chain=chain, number=1, handle=None, twin_handle=None, text="", line=None)


def _add(found: dict[Chain, list[str]], save: Save) -> None:
    family, table = "ip6" if save.version == 6 else "ip", ""  # noqa: PLR2004 (IP version)
    for line in save.source.text.split("\n"):
        if line.startswith("*"):
            table = line[1:].strip()
        rule = _APPENDED.fullmatch(line.strip())
        if rule:
            chain = (_FIREWALLS[save.variant], family, table, rule[1])
            found.setdefault(chain, []).append(rule[2] or "")


def chain_of(rule: Rule) -> Chain:
    """Where a rule stands."""
    return (rule.firewall, rule.family, rule.table, rule.chain)


def _only_drops(rules: tuple[str, ...]) -> bool:
    return bool(rules) and _ENDS.match(rules[-1]) is not None and all(map(_WRITES.match, rules[:-1]))
