"""The kernel's own trace of packets: armed by a table of our own, read from netlink, sorted by connection.

The trace bit is set before any other rule sees the packet. Of a connection only the SYN, its answer and the first data
each way are traced: the rest would be the same again. Of ICMP only the messages that `related` sends are.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.errors import NotJudgedError
from nimnetcheck.model import Text
from nimnetcheck.twin import tools
from nimnetcheck.twin.flow import Protocol
from nimnetcheck.twin.packets.netlink import Netfilter, attributes, number, text

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from nimnetcheck.twin.packets.netlink import Message
    from nimnetcheck.twin.packets.nflog import LegacyTrace

Connection = tuple["Protocol", int]  # by its protocol and the port that it comes from
TABLE = "nimnetcheck_twin"
_GROUP = 9  # NFNLGRP_NFTRACE
_TRACE = 0xA11  # NFNL_SUBSYS_NFTABLES, NFT_MSG_TRACE
_TABLE, _CHAIN, _HANDLE, _TYPE, _VERDICT, _ID, _NETWORK, _TRANSPORT, _POLICY = 1, 2, 3, 4, 5, 6, 8, 9, 16
_CODE, _TARGET = 1, 2  # inside _VERDICT
_PORTS = struct.Struct("!HH")
_PROTOCOLS = {6: Protocol.TCP, 17: Protocol.UDP}
# Of ICMP the trace shows 20 bytes, and no ports: where the packet that a message is about has its identification, or
# the end of its flow label, by which `related` tells whose it is.
_ABOUT = {1: slice(12, 14), 58: slice(10, 12)}
# Loaded last: of two chains with one priority the later runs first.
_FIRST = -(1 << 31)


class Kind(Text):
    """What an event tells of."""

    POLICY = "policy"
    RETURN = "return"
    RULE = "rule"


class Act(Text):
    """What became of the packet at an event."""

    DROP = "drop"
    ACCEPT = "accept"
    STOLEN = "stolen"
    QUEUE = "queue"
    CONTINUE = "continue"
    JUMP = "jump"
    GOTO = "goto"
    RETURN = "return"


class Leg(Text):
    """Which way a packet goes; an error is a router's message about the connection, and comes in."""

    REQUEST = "request"
    REPLY = "reply"
    ERROR = "error"


_KINDS = {1: Kind.POLICY, 2: Kind.RETURN, 3: Kind.RULE}
_ACTS = {0: Act.DROP, 1: Act.ACCEPT, 2: Act.STOLEN, 3: Act.QUEUE, -3: Act.JUMP, -4: Act.GOTO, -5: Act.RETURN}


@attrs.frozen
class Event:
    """One step of one packet: at which chain, by which rule, and what became of it."""

    packet: int
    leg: Leg
    family: str
    table: str
    chain: str
    kind: Kind
    act: Act
    handle: int | None = None
    target: str = ""


class Tracer:
    """Collects the events of the connections that it was told of, by protocol and the port that they come from."""

    def __init__(self, legacy: LegacyTrace | None = None) -> None:
        self._legacy = legacy
        self._netfilter = Netfilter()
        self._netfilter.join(_GROUP)
        self._packets: dict[int, tuple[Connection, Leg]] = {}
        self.events: dict[Connection, list[Event]] = {}
        self.lost = False

    def expect(self, protocol: Protocol, port: int) -> list[Event]:
        """The list to which the events of a connection are added."""
        return self.events.setdefault((protocol, port), [])

    def drain(self) -> None:
        """Take what has come; `lost` says that the kernel had more than fitted."""
        try:
            for message in self._netfilter.waiting(but=TABLE.encode()):
                if message.kind == _TRACE:
                    self._take(message)
            if self._legacy:
                self._legacy.drain(self.events)
        except OSError:
            self.lost = True

    def close(self) -> None:
        """Close the sockets."""
        self._netfilter.close()
        if self._legacy:
            self._legacy.close()

    def _take(self, message: Message) -> None:
        found = message.attributes
        packet = number(found.get(_ID, b""))
        if _TRANSPORT in found and _NETWORK in found:
            self._packets.pop(packet, None)
            mine = whose(found[_NETWORK], found[_TRANSPORT], self.events)
            if mine:
                self._packets[packet] = mine
        if packet not in self._packets:
            return
        key, leg = self._packets[packet]
        self.events[key].append(_event(message, packet, leg))


def whose(network: bytes, transport: bytes, expected: Container[Connection]) -> tuple[Connection, Leg] | None:
    """The expected connection that a packet with these headers belongs to, and its direction."""
    number = network[9] if network[0] >> 4 == 4 else network[6]  # noqa: PLR2004 (IP headers)
    if number in _ABOUT:
        about = Protocol.TCP, int.from_bytes(transport[_ABOUT[number]], "big")
        return (about, Leg.ERROR) if about in expected else None
    protocol = _PROTOCOLS.get(number)
    if protocol is None or len(transport) < _PORTS.size:
        return None
    source, destination = _PORTS.unpack_from(transport)
    if (protocol, source) in expected:
        return (protocol, source), Leg.REQUEST
    return ((protocol, destination), Leg.REPLY) if (protocol, destination) in expected else None


def _event(message: Message, packet: int, leg: Leg) -> Event:
    found = message.attributes
    verdict = attributes(found.get(_VERDICT, b""))
    code = found[_POLICY] if _POLICY in found else verdict.get(_CODE, b"\xff\xff\xff\xff")
    value = int.from_bytes(code, "big", signed=True)
    return Event(
        packet=packet,
        leg=leg,
        family=message.words,
        table=text(found.get(_TABLE, b"")),
        chain=text(found.get(_CHAIN, b"")),
        kind=_KINDS[number(found[_TYPE])],
        act=_ACTS.get(value if value < 0 else value & 0xFF, Act.CONTINUE),
        handle=number(found[_HANDLE]) if _HANDLE in found else None,
        target=text(verdict.get(_TARGET, b"")),
    )


def arm(links: Iterable[str], *, again: bool = False) -> None:
    """Load the tables that set the trace bit, or load them `again`, behind everything else; raises NotJudgedError."""
    out, back = _chain("out", "output"), _chain("back", "prerouting")
    early = [_chain(f"in{at}", f'ingress device "{link}"') for at, link in enumerate(links)]
    load = _anew if again else _new
    ran = tools.run(("nft", "-f", "-"), load("inet", [out]) + (load("netdev", early) if early else ""))
    if ran.is_refused:
        # A kernel without ingress hooks has no rules there either.
        ran = tools.run(("nft", "-f", "-"), load("inet", [out, back]))
    if ran.is_refused:
        raise NotJudgedError(f"the kernel's trace cannot be armed: {ran.reason}")


def _new(family: str, chains: Iterable[str]) -> str:
    """The table, which was not there: the kernel takes 20 ms longer for a transaction that also deletes one."""
    name = f"table {family} {TABLE}"
    return "\n".join((f"create {name}", f"{name} {{", *chains, "}\n"))


def _anew(family: str, chains: Iterable[str]) -> str:
    """The table, behind everything that came since it was last loaded; there may be none of this family."""
    name = f"table {family} {TABLE}"
    return "\n".join((name, f"delete {name}", f"{name} {{", *chains, "}\n"))


def _chain(name: str, hook: str) -> str:
    return f"""\
  chain {name} {{
    type filter hook {hook} priority {_FIRST}; policy accept;
    tcp flags & (syn | psh) != 0 meta nftrace set 1 accept
    meta l4proto udp meta nftrace set 1 accept
    icmp type destination-unreachable icmp code frag-needed meta nftrace set 1 accept
    icmpv6 type packet-too-big meta nftrace set 1 accept
  }}"""
