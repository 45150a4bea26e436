"""What loading one part of a capture came to: its rules by chain, and what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nimnetcheck.twin.answer import Firewall, LeftOut

Chain = tuple[str, str, str]  # family, table, name
LEGACY = "-legacy"  # behind the family of a chain of iptables-legacy, which may have a namesake in iptables-nft
IPSET = "ipset"  # the family of a set that nf_tables does not hold
POLICY = 0  # the number of a chain's policy, where it has one
SOME = -1  # the number of a rule that is in the twin and not in the capture's text


@attrs.frozen(kw_only=True)
class Written:
    """A rule as it was captured: its number in its chain from one, its words, its line, its handle on the host.

    `loaded` unless it was refused; one that is `passed_over` matches no packet that is sent here. `really` is what nft
    prints of it on the host, where that is another rule.
    """

    firewall: Firewall
    number: int
    text: str
    file: str
    line: int
    handle: int | None = None
    loaded: bool = True
    passed_over: bool = False
    really: str = ""


@attrs.frozen(kw_only=True)
class Loaded:
    """The rules of each chain in order, and how many elements each set was filled with.

    `doubt` says why nothing at all can be judged, where that is so.
    """

    chains: Mapping[Chain, tuple[Written, ...]] = attrs.field(factory=dict)
    sets: Mapping[Chain, int] = attrs.field(factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    doubt: str = ""


def together(parts: Iterable[Loaded]) -> Loaded:
    """Several parts as one; chains of one name stand one after the other."""
    chains: dict[Chain, tuple[Written, ...]] = {}
    sets: dict[Chain, int] = {}
    left_out: tuple[LeftOut, ...] = ()
    doubt = ""
    for part in parts:
        for chain, rules in part.chains.items():
            chains[chain] = (*chains.get(chain, ()), *rules)
        sets.update(part.sets)
        left_out += part.left_out
        doubt = doubt or part.doubt
    return Loaded(chains=chains, sets=sets, left_out=left_out, doubt=doubt)
