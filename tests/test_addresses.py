"""Addresses and networks are read strictly, and merged without changing what they cover."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimnetcheck.addresses import merge, parse_address, parse_listen, parse_network, translated
from nimnetcheck.errors import InputError


@pytest.mark.parametrize("text", ["127.1", "01.2.3.4", " 1.2.3.4", "fe80::1%eth0", "", "1.2.3.4;reboot", "1.2.3.4\n"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is not an IP address"):
        parse_address(text)


@pytest.mark.parametrize(
    "text", ["fe80::%1/64", "159.60.126.1/25", "10/8", "2001:db8::1/64", "1.2.3.4/33", "a/8", "1.2.3.4/24 # x", ""]
)
def test_what_is_no_exact_cidr_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is not a CIDR"):
        parse_network(text)


def test_a_typing_error_behind_the_prefix_is_named_and_not_widened() -> None:
    with pytest.raises(InputError, match=r"did you mean 159\.60\.126\.0/25\?"):
        parse_network("159.60.126.1/25")


@pytest.mark.parametrize("text", ["0.0.0.0/0", "::/0"])
def test_everything_is_not_a_target(text: str) -> None:
    with pytest.raises(InputError, match="covers every address"):
        parse_network(text)


def test_an_address_alone_is_its_own_network() -> None:
    assert parse_network("192.0.2.7") == ip_network("192.0.2.7/32")


@given(st.lists(st.integers(0, 255), min_size=1, max_size=60))
def test_merging_keeps_exactly_the_same_addresses(hosts: list[int]) -> None:
    merged = merge(ip_network(f"192.0.2.{host}/32") for host in hosts)
    assert {str(address) for network in merged for address in network} == {f"192.0.2.{host}" for host in hosts}
    assert len(merged) <= len(set(hosts))


def test_an_address_of_nat64_stands_for_an_ipv4_one_and_others_for_themselves() -> None:
    assert str(translated(ip_address("64:ff9b::387:488b"))) == "3.135.72.139"
    for text in ("64:ff9b:1::387:488b", "2600:1f16:19c8:d400::1", "3.135.72.139"):
        assert translated(ip_address(text)) == ip_address(text)


@pytest.mark.parametrize(
    ("text", "where"), [("127.0.0.1:8443", ("127.0.0.1", 8443)), ("[::1]:0", ("::1", 0)), ("::1:9", ("::1", 9))]
)
def test_where_to_listen_is_read(text: str, where: tuple[str, int]) -> None:
    assert parse_listen(text) == where


@pytest.mark.parametrize(
    "text", ["", "8443", ":8443", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "localhost:1", "1.2.3.4:-1"]
)
def test_where_nobody_can_listen_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_listen(text)
