"""Netlink's bytes."""

from __future__ import annotations

import struct

import pytest

from nimnetcheck.twin.packets.netlink import attribute, attributes, messages, number, text


def message(kind: int, body: bytes) -> bytes:
    return struct.pack("=IHHII", 16 + len(body), kind, 0, 1, 0) + body + b"\0" * (-len(body) % 4)


def test_attributes_are_read_as_they_are_written() -> None:
    packed = attribute(1, b"filter\0") + attribute(3, (12).to_bytes(8, "big"))
    found = attributes(packed)
    assert (text(found[1]), number(found[3])) == ("filter", 12)


def test_the_bits_for_nested_and_byte_order_are_no_part_of_the_number() -> None:
    assert attributes(struct.pack("=HH", 8, 0x8005) + b"abcd") == {5: b"abcd"}


@pytest.mark.parametrize("cut", range(1, 12))
def test_what_is_cut_off_is_left_out(cut: int) -> None:
    whole = attribute(1, b"ab") + attribute(2, b"cdef")
    assert attributes(whole[: len(whole) - cut]) in ({}, {1: b"ab"})


def test_messages_carry_family_and_attributes() -> None:
    data = message(0xA11, struct.pack("=BBH", 10, 0, 0) + attribute(2, b"output\0")) + message(3, b"\0\0\0\0")
    (found,) = messages(data)
    assert (found.kind, found.words, text(found.attributes[2])) == (0xA11, "ip6", "output")


def test_an_error_among_them_is_raised_and_an_acknowledgement_is_not() -> None:
    assert list(messages(message(2, struct.pack("=i", 0) + b"\0" * 16))) == []
    with pytest.raises(PermissionError):
        list(messages(message(2, struct.pack("=i", -1) + b"\0" * 16)))
