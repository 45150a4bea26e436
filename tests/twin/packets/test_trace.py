"""The kernel's trace messages, sorted by connection."""

from __future__ import annotations

import struct
from contextlib import closing

import pytest

from nimnetcheck.twin.flow import Protocol
from nimnetcheck.twin.packets.netlink import Message, attribute
from nimnetcheck.twin.packets.trace import Act, Event, Kind, Leg, Tracer

PORT = 40001


def header(source: int, destination: int, *, version: int = 4) -> dict[int, bytes]:
    network = bytes([0x45, *[0] * 8, 6, *[0] * 10]) if version == 4 else bytes([0x60, *[0] * 5, 6, *[0] * 33])
    return {8: network, 9: struct.pack("!HH", source, destination)}


def message(kind: int, verdict: int, *, handle: int | None = None, target: str = "", **more: bytes) -> Message:
    inner = attribute(1, struct.pack("!i", verdict)) + (attribute(2, target.encode() + b"\0") if target else b"")
    found = {
        1: b"t\0",
        2: b"out\0",
        4: struct.pack("!I", kind),
        5: inner,
        6: b"\0\0\0\7",
        **{int(k[1:]): v for k, v in more.items()},
    }
    if handle is not None:
        found[3] = handle.to_bytes(8, "big")
    return Message(kind=0xA11, family=1, attributes=found)


def events(*messages: Message) -> list[Event]:
    try:
        tracer = Tracer()
    except OSError as error:
        pytest.skip(f"no netlink socket here: {error}")
    with closing(tracer):
        collected = tracer.expect(Protocol.TCP, PORT)
        for one in messages:
            tracer._take(one)  # noqa: SLF001 (bytes that a kernel would send)
        return collected


def with_header(one: Message, source: int, destination: int, version: int = 4) -> Message:
    return Message(
        kind=one.kind, family=one.family, attributes={**one.attributes, **header(source, destination, version=version)}
    )


@pytest.mark.parametrize("version", [4, 6])
def test_a_request_and_its_reply_are_told_apart(version: int) -> None:
    rule = message(3, 0, handle=5)
    (request,) = events(with_header(rule, PORT, 443, version))
    (reply,) = events(with_header(rule, 443, PORT, version))
    assert (request.leg, reply.leg) == (Leg.REQUEST, Leg.REPLY)
    assert (request.family, request.table, request.chain, request.handle) == ("inet", "t", "out", 5)


@pytest.mark.parametrize("version", [4, 6])
def test_a_routers_message_belongs_to_the_connection_that_it_is_about(version: int) -> None:
    inner = bytes(4) + struct.pack("!H", PORT) if version == 4 else struct.pack("!I", 6 << 28 | PORT)
    found = {
        **message(3, 0, handle=5).attributes,
        8: bytes([0x45, *[0] * 8, 1, *[0] * 10]) if version == 4 else bytes([0x60, *[0] * 5, 58, *[0] * 33]),
        9: bytes(8) + inner + bytes(6),
    }
    (error,) = events(Message(kind=0xA11, family=1, attributes=found))
    assert error.leg is Leg.ERROR
    other = {**found, 9: bytes(20)}
    assert events(Message(kind=0xA11, family=1, attributes=other)) == []


def test_events_without_a_header_belong_to_the_packet_before() -> None:
    jump, drop = message(3, -3, handle=1, target="deep"), message(3, 0, handle=2)
    seen = events(with_header(jump, PORT, 443), drop)
    assert [(event.act, event.target) for event in seen] == [(Act.JUMP, "deep"), (Act.DROP, "")]


def test_packets_of_others_are_left_out() -> None:
    drop = message(3, 0, handle=2)
    assert events(with_header(drop, 50000, 443), drop) == []


def test_a_policy_has_its_verdict_in_an_attribute_of_its_own() -> None:
    (seen,) = events(with_header(message(1, -1, _16=struct.pack("!I", 0)), PORT, 443))
    assert (seen.kind, seen.act, seen.handle) == (Kind.POLICY, Act.DROP, None)


def test_a_drop_that_carries_an_error_is_a_drop() -> None:
    (seen,) = events(with_header(message(3, 0x10000, handle=1), PORT, 443))
    assert seen.act is Act.DROP


def test_a_socket_that_overflowed_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def overflowed(*_: object, **__: object) -> list[Message]:
        raise OSError(105, "No buffer space available")

    try:
        tracer = Tracer()
    except OSError as error:
        pytest.skip(f"no netlink socket here: {error}")
    with closing(tracer):
        assert not tracer.lost
        monkeypatch.setattr("nimnetcheck.twin.packets.netlink.Netfilter.waiting", overflowed)
        tracer.drain()
        assert tracer.lost
