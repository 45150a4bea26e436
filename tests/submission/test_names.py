"""A name leads where the World says, by a real question to a resolver on loopback."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from ipaddress import IPv4Address, ip_address
from typing import TYPE_CHECKING

import dns.message
import dns.rcode
import dns.rrset
import pytest

from nimnetcheck.model import Failure, World
from nimnetcheck.submission import names
from nimnetcheck.submission.messages import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST = "nim.example"
HERE = ip_address("192.0.2.10")
LOOPBACK = IPv4Address("127.0.0.1")


@contextmanager
def resolver(rcode: dns.rcode.Rcode, *records: tuple[str, str]) -> Iterator[World]:
    """A World whose one resolver gives these records, or this rcode."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]

        def serve() -> None:
            while True:
                wire, client = sock.recvfrom(4096)
                if wire == b"stop":
                    return
                query = dns.message.from_wire(wire)
                response = dns.message.make_response(query)
                response.set_rcode(rcode)
                kind = dns.rdatatype.to_text(query.question[0].rdtype)
                response.answer = [
                    dns.rrset.from_text(query.question[0].name, 60, "IN", kind, value)
                    for record, value in records
                    if record == kind
                ]
                sock.sendto(response.to_wire(), client)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield World(name="test", resolvers=((LOOPBACK, port),), dial={(HERE, 443): (LOOPBACK, 4443)})
        finally:
            sock.sendto(b"stop", ("127.0.0.1", port))
            thread.join()


def test_both_families_are_asked_and_the_dial_map_is_followed() -> None:
    with resolver(dns.rcode.NOERROR, ("AAAA", "2001:db8::1"), ("A", "192.0.2.10")) as world:
        found = names.resolve(world, HOST, 443, timeout_s=2)
    assert found == ((LOOPBACK, 4443), (ip_address("2001:db8::1"), 443))


@pytest.mark.parametrize(
    ("rcode", "failure"),
    [
        (dns.rcode.NXDOMAIN, Failure.DNS_NXDOMAIN),
        (dns.rcode.SERVFAIL, Failure.DNS_SERVFAIL),
        (dns.rcode.NOERROR, Failure.DNS_NO_DATA),
    ],
)
def test_why_a_name_leads_nowhere_has_a_name(rcode: dns.rcode.Rcode, failure: Failure) -> None:
    with resolver(rcode) as world:
        found = names.resolve(world, HOST, 443, timeout_s=2)
    assert isinstance(found, Trouble)
    assert (found.failure, found.sent) == (failure, False)
    assert found.detail


def test_an_address_is_its_own_answer_and_a_pin_comes_before_any_question() -> None:
    world = World(
        resolvers=((LOOPBACK, 1),),  # nobody answers there
        pins={(HOST, 443): (HERE,)},
        dial={(HERE, 443): (LOOPBACK, 4443)},
    )
    assert names.resolve(world, "192.0.2.10", 443, timeout_s=0.2) == ((LOOPBACK, 4443),)
    assert names.resolve(world, "2001:db8::2", 8443, timeout_s=0.2) == ((ip_address("2001:db8::2"), 8443),)
    assert names.resolve(world, HOST, 443, timeout_s=0.2) == ((LOOPBACK, 4443),)
    assert isinstance(names.resolve(world, HOST, 8443, timeout_s=0.2), Trouble)


def test_the_hosts_file_is_used_where_the_host_resolves() -> None:
    found = names.resolve(World(), "localhost", 443, timeout_s=0.2)
    assert not isinstance(found, Trouble)
    assert all(address.is_loopback for address, _ in found)
