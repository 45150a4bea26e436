"""Pseudonyms are the same each time, differ from bundle to bundle, and keep what a ruleset lives on."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimnetcheck.addresses import special
from nimnetcheck.bundle.pseudonyms import BITS, Pseudonyms

if TYPE_CHECKING:
    from nimnetcheck.model import Address

VENDOR = [ip_network("159.60.126.0/25"), ip_network("2600:1f16:19c8:d400::/62"), ip_network("3.135.72.139/32")]
KEY = b"k" * 32
addresses = st.one_of(st.integers(0, 2**32 - 1).map(IPv4Address), st.integers(0, 2**128 - 1).map(IPv6Address))


def made(key: bytes = KEY) -> Pseudonyms:
    return Pseudonyms(key, keep=VENDOR)


def shared(one: Address, other: Address) -> int:
    return BITS[one.version] - (int(one) ^ int(other)).bit_length()


@given(addresses, addresses)
def test_what_shared_its_first_bits_shares_them_still(one: Address, other: Address) -> None:
    pseudonyms = made()
    if one.version == other.version:
        assert shared(pseudonyms.address(one), pseudonyms.address(other)) == shared(one, other)


@given(addresses)
def test_an_address_stays_in_its_class(address: Address) -> None:
    assert special(made().address(address)) == special(address)
    assert made().address(address).is_multicast == address.is_multicast


@pytest.mark.parametrize(
    "text",
    [
        "159.60.126.77",
        "3.135.72.139",
        "2600:1f16:19c8:d403::9",
        "127.0.0.1",
        "::1",
        "255.255.252.0",
        "192.0.2.7",
        "224.0.0.1",
    ],
)
def test_what_belongs_to_no_site_stays(text: str) -> None:
    assert made().address(ip_address(text)) == ip_address(text)


@pytest.mark.parametrize(
    "text", ["10.1.2.3", "192.168.7.9", "172.20.1.1", "8.8.4.4", "100.64.3.3", "fd00::1:2", "2a00:1:2::3"]
)
def test_what_is_a_sites_own_is_replaced_and_can_be_found_again(text: str) -> None:
    pseudonyms = made()
    found = pseudonyms.address(ip_address(text))
    assert found != ip_address(text)
    assert pseudonyms.given[str(found)] == text
    assert made().address(ip_address(text)) == found
    assert made(b"other").address(ip_address(text)) != found


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_a_range_holds_the_same_addresses_as_before(first: int, last: int, other: int) -> None:
    first, last = sorted((first, last))
    pseudonyms = made()
    pseudonyms.keep_order(IPv4Address(first), IPv4Address(last))
    low, high, asked = (int(pseudonyms.address(IPv4Address(value))) for value in (first, last, other))
    assert (low <= asked <= high) == (first <= other <= last)


def test_names_and_hardware_addresses_are_the_same_each_time_and_say_nothing() -> None:
    pseudonyms = made()
    name = pseudonyms.host_name("NIM01.corp.example.net")
    assert name == made().host_name("nim01.corp.example.net") != made(b"other").host_name("nim01.corp.example.net")
    assert name.endswith(".invalid")
    assert pseudonyms.given[name] == "NIM01.corp.example.net"
    assert pseudonyms.mac("AA:bb:cc:dd:ee:ff") == made().mac("aa:bb:cc:dd:ee:ff")
    assert pseudonyms.mac("aa:bb:cc:dd:ee:ff").startswith("02:")
    assert pseudonyms.token("user", "jane").startswith("user-")
