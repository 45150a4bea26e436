"""Judgements made by hand, for the tests of proposals."""

from __future__ import annotations

from typing import Any

import attrs

from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin.answer import Firewall, Judged, Leg, Rule
from nimnetcheck.twin.fix.change import Block
from nimnetcheck.twin.flow import Flow, Protocol, parse


def rule(place: str, firewall: Firewall = Firewall.NFTABLES, **given: Any) -> Rule:  # noqa: ANN401 (a Rule's own)
    """A rule by `FAMILY TABLE CHAIN [NUMBER]`."""
    family, table, chain, *number = place.split()
    return Rule(
        firewall=firewall, family=family, table=table, chain=chain, number=int(number[0]) if number else None, **given
    )


def block(stops: Rule, *flows: str, leg: Leg = Leg.REQUEST, path: tuple[Rule, ...] = ()) -> Block:
    """Flows that a rule stops."""
    return Block(
        rule=stops,
        path=path,
        leg=leg,
        flows=tuple(map(error if leg is Leg.ERROR else parse, flows or ("tcp:159.60.126.10:443",))),
    )


def error(connection: str) -> Flow:
    """What a router says of a connection."""
    return attrs.evolve(parse(connection), protocol=Protocol.ICMP_ERROR)


def judged(flow: str, stops: Rule | None = None, verdict: KernelVerdict = KernelVerdict.DROP) -> Judged:
    """One flow and what stops it on its way out."""
    return Judged(flow=parse(flow), verdict=verdict, leg=Leg.REQUEST if stops else None, rule=stops)
