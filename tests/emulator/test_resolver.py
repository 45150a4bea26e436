"""The emulator's names have their addresses, over UDP and TCP, and no other name exists."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

import dns.message
import dns.query
import dns.rcode

from nimnetcheck.emulator import HOSTS
from nimnetcheck.emulator.resolver import Zone, answer

if TYPE_CHECKING:
    from nimnetcheck.emulator import Vendor

ZONE = Zone(addresses={"a.example": (ip_address("192.0.2.1"), ip_address("2001:db8::1"))})


def ask(name: str, kind: str) -> dns.message.Message:
    reply = answer(dns.message.make_query(name, kind).to_wire(), ZONE)
    assert reply is not None
    return dns.message.from_wire(reply)


def test_each_kind_has_its_addresses() -> None:
    assert [record.address for record in ask("A.example", "A").answer[0]] == ["192.0.2.1"]
    assert [record.address for record in ask("a.example", "AAAA").answer[0]] == ["2001:db8::1"]
    assert ask("a.example", "MX").answer == []


def test_what_was_asked_for_is_noted() -> None:
    zone = Zone(addresses={})
    answer(dns.message.make_query("Elsewhere.example", "A").to_wire(), zone)
    assert zone.asked == ["elsewhere.example"]


def test_other_names_do_not_exist() -> None:
    assert ask("b.example", "A").rcode() == dns.rcode.NXDOMAIN


def test_nonsense_gets_no_answer() -> None:
    assert answer(b"\x00", ZONE) is None


def test_it_serves_over_udp_and_tcp(vendor: Vendor) -> None:
    host, port = vendor.resolver
    for name, addresses in HOSTS.items():
        query = dns.message.make_query(name, "A")
        wanted = [address for address in addresses if ":" not in address]
        for exchange in (dns.query.udp, dns.query.tcp):
            reply = exchange(query, host, port=port, timeout=5)
            assert sorted(record.address for record in reply.answer[0]) == sorted(wanted)
