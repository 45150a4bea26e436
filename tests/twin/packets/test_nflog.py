"""Logged packets of the old iptables: whose they are, and which rule they tell of."""

from __future__ import annotations

import struct
from contextlib import closing

import pytest

from nimnetcheck.twin.answer import Firewall
from nimnetcheck.twin.flow import Protocol
from nimnetcheck.twin.load.loaded import POLICY, SOME, Written
from nimnetcheck.twin.packets.netlink import Message
from nimnetcheck.twin.packets.nflog import Events, LegacyTrace
from nimnetcheck.twin.packets.trace import Act, Event, Kind, Leg

PORT = 40001
OUT, USER = ("ip-legacy", "filter", "OUTPUT"), ("ip-legacy", "filter", "X")


def written(number: int, text: str) -> Written:
    return Written(firewall=Firewall.IPTABLES_LEGACY, number=number, text=text, file="", line=1)


CHAINS = {
    OUT: (written(POLICY, ":OUTPUT DROP"), written(1, "-A OUTPUT -j X"), written(2, "-A OUTPUT -j ACCEPT")),
    USER: (written(1, "-A X -j DROP"),),
}


def packet(source: int, destination: int) -> bytes:
    return bytes([0x45, *[0] * 8, 6, *[0] * 10]) + struct.pack("!HH", source, destination)


def told(prefix: str, payload: bytes) -> Event | None:
    try:
        trace = LegacyTrace(CHAINS)
    except OSError as error:
        pytest.skip(f"no log can be bound here: {error}")
    events: Events = {(Protocol.TCP, PORT): []}
    message = Message(kind=0x400, family=0, attributes={9: payload, 10: prefix.encode() + b"\0"})
    with closing(trace):
        found = trace._read(message, events)  # noqa: SLF001 (bytes that a kernel would send)
    return found[1] if found else None


@pytest.mark.parametrize(
    ("words", "kind", "act", "handle"),
    [
        ("filter:OUTPUT:rule:1", Kind.RULE, Act.JUMP, 1),
        ("filter:OUTPUT:policy:2", Kind.RULE, Act.ACCEPT, 2),
        ("filter:OUTPUT:policy:3", Kind.POLICY, Act.DROP, None),
        ("filter:X:return:1", Kind.RULE, Act.DROP, 1),
        ("filter:X:return:2", Kind.RETURN, Act.CONTINUE, None),
    ],
)
def test_the_number_tells_a_rule_from_a_policy_and_a_return(
    words: str, kind: Kind, act: Act, handle: int | None
) -> None:
    event = told(f"TRACE: {words} ", packet(PORT, 443))
    assert event
    assert (event.kind, event.act, event.handle, event.family) == (kind, act, handle, "ip-legacy")


def test_a_reply_is_told_from_a_request_and_other_packets_are_left_out() -> None:
    reply = told("TRACE: filter:OUTPUT:rule:1 ", packet(443, PORT))
    assert reply
    assert reply.leg is Leg.REPLY
    assert told("TRACE: filter:OUTPUT:rule:1 ", packet(443, 444)) is None


def test_a_routers_message_is_a_packet_of_its_own() -> None:
    inner = bytes(4) + struct.pack("!H", PORT) + bytes(14)
    message = bytes([0x45, *[0] * 8, 1, *[0] * 10]) + bytes(8) + inner
    error, request = (told("TRACE: filter:OUTPUT:rule:1 ", one) for one in (message, packet(PORT, 443)))
    assert error
    assert request
    assert error.leg is Leg.ERROR
    assert error.packet != request.packet


@pytest.mark.parametrize(
    ("prefix", "payload"), [("a LOG rule's words", packet(PORT, 443)), ("TRACE: filter:X:rule:1 ", b"")]
)
def test_words_of_others_are_left_out(prefix: str, payload: bytes) -> None:
    assert told(prefix, payload) is None


@pytest.mark.parametrize(
    ("number", "act", "handle"), [(1, Act.JUMP, 1), (2, Act.ACCEPT, SOME), (3, Act.ACCEPT, 2), (4, Act.DROP, None)]
)
def test_a_rule_put_between_others_moves_their_numbers_and_not_their_names(
    number: int, act: Act, handle: int | None
) -> None:
    try:
        trace = LegacyTrace(CHAINS, {OUT: {2: "-A OUTPUT -d 192.0.2.1/32 -j ACCEPT"}})
    except OSError as error:
        pytest.skip(f"no log can be bound here: {error}")
    with closing(trace):
        event = trace._event(OUT, number, Leg.REQUEST, "policy")  # noqa: SLF001 (what a kernel's words mean)
    assert (event.act, event.handle) == (act, handle)
