"""Pins as curl writes them."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from nimnetcheck.cli.pins import parse_pin, parse_pins
from nimnetcheck.errors import InputError


def test_a_pin_reads_as_curl_writes_it() -> None:
    assert parse_pin("A.example:443:[2001:db8::1]") == (("a.example", 443), ip_address("2001:db8::1"))


@pytest.mark.parametrize("text", ["a.example:443", "a b:443:192.0.2.1", "a.example:x:192.0.2.1", "a.example:443:no"])
def test_a_broken_pin_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_pin(text)


def test_several_pins_of_one_name_add_up() -> None:
    found = parse_pins(["a.example:443:192.0.2.1", "a.example:443:192.0.2.2"])
    assert found == {("a.example", 443): (ip_address("192.0.2.1"), ip_address("192.0.2.2"))}
