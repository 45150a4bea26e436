"""A fix: the smallest change to the firewall that blocks, in its own language, with what takes it back. Pure.

Proposals only. What a change does is for the kernel to show: see `fix_prove`.
"""

from __future__ import annotations

import shlex
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin.flow import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nimnetcheck.model import Network
    from nimnetcheck.twin.answer import Judged, Leg, Rule
    from nimnetcheck.twin.capture.value import Source
    from nimnetcheck.twin.flow import Flow

BLOCKED = frozenset({KernelVerdict.DROP, KernelVerdict.REJECT})
MARK = "nimnetcheck"  # the comment that our rules carry, with a number behind it
EVERY = "ICMP errors about every connection of this host come in, and no connection is opened"
_WORDS = {Protocol.TCP: "tcp", Protocol.UDP: "udp", Protocol.ICMP_ERROR: "ICMP errors about tcp"}


@attrs.frozen(kw_only=True)
class Block:
    """Flows that one rule stops in the same way; of one IP version, protocol and port.

    `prefixes` are networks that are wanted whole, though only their ends are among the flows.
    """

    rule: Rule
    path: tuple[Rule, ...]
    leg: Leg
    flows: tuple[Flow, ...]
    prefixes: tuple[Network, ...] = ()

    @property
    def protocol(self) -> Protocol:
        """What is sent."""
        return self.flows[0].protocol

    @property
    def port(self) -> int:
        """The port that all of them go to."""
        return self.flows[0].port

    @property
    def version(self) -> int:
        """4 or 6."""
        return self.flows[0].address.version

    @property
    def networks(self) -> tuple[Network, ...]:
        """The addresses of the flows and what they stand for, in the fewest prefixes."""
        addresses = {flow.address for flow in self.flows}
        whole = [prefix for prefix in self.prefixes if {prefix[0], prefix[-1]} <= addresses]
        return tuple(_collapsed((*map(ip_network, addresses), *whole)))


@attrs.frozen(kw_only=True)
class Change:
    """One change.

    `lines` and `undo` are for the host's shell; `trial` and `back` are the same for a twin, whose rules have other
    handles. `files` are what firewalld's folder becomes, where the change is made there.
    """

    title: str
    block: Block
    lines: tuple[str, ...]
    undo: tuple[str, ...]
    trial: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    files: tuple[Source, ...] = ()
    note: str = ""


def blocks(judged: Iterable[Judged], prefixes: tuple[Network, ...] = ()) -> tuple[Block, ...]:
    """The blocked flows by what blocks them."""
    found: dict[object, list[Judged]] = {}
    for one in judged:
        if one.verdict in BLOCKED and one.rule and one.leg:
            flow = one.flow
            cause = (one.rule, one.path, one.leg, flow.address.version, flow.protocol, flow.port)
            found.setdefault(cause, []).append(one)
    return tuple(
        Block(
            rule=first.rule, path=first.path, leg=first.leg, flows=tuple(one.flow for one in group), prefixes=prefixes
        )
        for group in found.values()
        if (first := group[0]).rule and first.leg
    )


def quoted(words: str) -> str:
    """Words for one shell line; names in them come from outside."""
    return " ".join(shlex.quote(word) for word in words.split())


def summed(flows: Iterable[Flow]) -> Iterator[str]:
    """Flows in few words: their addresses in prefixes, for each protocol and port."""
    found: dict[tuple[Protocol, int], list[Network]] = {}
    for flow in flows:
        found.setdefault((flow.protocol, flow.port), []).append(ip_network(flow.address))
    for (protocol, port), networks in found.items():
        yield from (f"{_WORDS[protocol]} {network} port {port}" for network in _collapsed(networks))


def _collapsed(networks: Iterable[Network]) -> Iterator[Network]:
    """By IP version: the standard library collapses no mixture."""
    every = tuple(networks)
    yield from collapse_addresses(network for network in every if isinstance(network, IPv4Network))
    yield from collapse_addresses(network for network in every if isinstance(network, IPv6Network))
