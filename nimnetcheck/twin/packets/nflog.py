"""The trace of iptables-legacy: logged packets with `TRACE: table:chain:rule:N`, and not a word of verdicts.

What a rule does is read off its captured words. The trace bit is the same that the nft trace sets.
"""

from __future__ import annotations

import re
import struct
from types import MappingProxyType
from typing import TYPE_CHECKING

from nimnetcheck.twin.load.loaded import LEGACY, POLICY, SOME
from nimnetcheck.twin.packets.netlink import Netfilter, attribute, text
from nimnetcheck.twin.packets.trace import Act, Event, Kind, Leg, whose
from nimnetcheck.twin.ruleset.save import act

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nimnetcheck.twin.load.loaded import Chain, Written
    from nimnetcheck.twin.packets.netlink import Message
    from nimnetcheck.twin.packets.trace import Connection

Events = dict["Connection", list[Event]]
_PACKET, _CONFIG = 0x400, 0x401  # NFNL_SUBSYS_ULOG with NFULNL_MSG_PACKET, NFULNL_MSG_CONFIG
_COMMAND, _MODE, _AT_ONCE = 1, 2, 5  # NFULA_CFG_CMD, NFULA_CFG_MODE, NFULA_CFG_QTHRESH
_BIND, _BIND_FAMILY = b"\1", b"\3"
_COPIED = 128  # bytes of a packet: its headers
_WHOLE_PACKETS = 2  # NFULNL_COPY_PACKET
_PAYLOAD, _PREFIX = 9, 10
_IPV4, _IPV6 = 2, 10
_TOLD = re.compile(r"TRACE: ([a-z]+):([^:]+):(rule|return|policy):(\d+)")
_PACKETS = {Leg.REQUEST: -1, Leg.REPLY: -2, Leg.ERROR: -3}  # the log numbers none: of each leg all are one
_NONE: Mapping[Chain, Mapping[int, str]] = MappingProxyType({})


class LegacyTrace:
    """Listens to the log in this namespace.

    `chains` are those that were captured; `added` are rules put between theirs since, by chain and number.
    """

    def __init__(
        self, chains: Mapping[Chain, Sequence[Written]], added: Mapping[Chain, Mapping[int, str]] = _NONE
    ) -> None:
        self._added = added
        self._rules: dict[Chain, list[Written]] = {}
        self._policies: dict[Chain, str] = {}
        for chain, rules in chains.items():
            if chain[0].endswith(LEGACY):
                self._rules[chain] = [rule for rule in rules if rule.loaded and rule.number != POLICY]
                self._policies[chain] = next((rule.text for rule in rules if rule.number == POLICY), "")
        self._netfilter = Netfilter()
        for family in (_IPV4, _IPV6):
            self._netfilter.ask(_CONFIG, family, attribute(_COMMAND, _BIND_FAMILY))
        for payload in (
            attribute(_COMMAND, _BIND),
            attribute(_MODE, struct.pack("!IBB", _COPIED, _WHOLE_PACKETS, 0)),
            attribute(_AT_ONCE, struct.pack("!I", 1)),
        ):
            self._netfilter.ask(_CONFIG, 0, payload)

    def drain(self, events: Events) -> None:
        """Add what has come to the connections that are expected; raises OSError when some was lost."""
        for message in self._netfilter.waiting():
            found = self._read(message, events) if message.kind == _PACKET else None
            if found:
                events[found[0]].append(found[1])

    def close(self) -> None:
        """Close the socket."""
        self._netfilter.close()

    def _read(self, message: Message, events: Events) -> tuple[Connection, Event] | None:
        told = _TOLD.match(text(message.attributes.get(_PREFIX, b"")))
        packet = message.attributes.get(_PAYLOAD, b"")
        if not told or not packet:
            return None  # a LOG rule of the host's
        is_v4 = packet[0] >> 4 == 4  # noqa: PLR2004 (IP version)
        start = (packet[0] & 15) * 4 if is_v4 else 40
        mine = whose(packet[:start], packet[start:], events)
        if not mine:
            return None  # a packet that nobody asked about
        (key, leg), family = mine, "ip" if is_v4 else "ip6"
        return key, self._event((family + LEGACY, told[1], told[2]), int(told[4]), leg, told[3])

    def _event(self, chain: Chain, number: int, leg: Leg, word: str) -> Event:
        """An unconditional rule is told of as a return or as the policy: the number tells which it is."""
        family, table, name = chain
        kind, does, target = Kind(word), Act.CONTINUE, ""
        handle, rule = self._rule(chain, number)
        if handle is not None:
            names = frozenset(other for kin, where, other in self._rules if (kin, where) == (family, table))
            kind, (does, target) = Kind.RULE, act(rule, names)
        elif kind is Kind.POLICY:
            does = Act.DROP if self._policies.get(chain, "").endswith(" DROP") else Act.ACCEPT
        return Event(
            packet=_PACKETS[leg],
            leg=leg,
            family=family,
            table=table,
            chain=name,
            kind=kind,
            act=does,
            handle=handle,
            target=target,
        )

    def _rule(self, chain: Chain, number: int) -> tuple[int | None, str]:
        """What a number stands for: the captured rule's own number and words; nothing for the end of a chain."""
        added = self._added.get(chain, {})
        if number in added:
            return SOME, added[number]
        own = number - sum(1 for other in added if other < number)
        rules = self._rules.get(chain, ())
        return (own, rules[own - 1].text) if 0 < own <= len(rules) else (None, "")
