"""Names, asked of a real name server on loopback: every way to answer, and not to."""

from __future__ import annotations

import socket
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

import attrs
import dns.message
import dns.rcode
import pytest

from nimnetcheck.model import Endpoint, Failure, Outcome, World
from nimnetcheck.net import drive
from nimnetcheck.probe import dns as probe_dns
from nimnetcheck.probe.attempt import Options, Setup
from nimnetcheck.probe.dns import lookup

if TYPE_CHECKING:
    from nimnetcheck.probe.dns import Lookup
    from tests.probe.conftest import Answerer, Bench, Zone

HOST = "usage.example"
PATIENT = Options()
QUICK = Options(timeout_s=0.9)  # for who is silent on purpose; before anything is asked again, after a second


def ask(endpoint: Endpoint, *ports: int, version: int = 4, options: Options = PATIENT, **world: Any) -> Lookup:  # noqa: ANN401 (fields of World)
    resolvers = tuple((ip_address("127.0.0.1"), port) for port in ports)
    setup = Setup(world=World(resolvers=resolvers, **world), options=options)
    return drive(lookup(endpoint, HOST, 443, version, setup), 10.0)


def rcode(code: dns.rcode.Rcode) -> Answerer:
    def answer(query: dns.message.Message, _: str) -> bytes:
        reply = dns.message.make_response(query)
        reply.set_rcode(code)
        return reply.to_wire()

    return answer


def test_every_address_with_its_chain_its_ttl_and_who_answered(bench: Bench, zone: Zone, endpoint: Endpoint) -> None:
    records = {
        (HOST, "CNAME"): ("edge.example",),
        ("edge.example", "A"): ("192.0.2.1", "192.0.2.2"),
        ("edge.example", "AAAA"): ("2001:db8::1",),
    }
    server = bench.name_server(zone(records))
    found = ask(endpoint, server.port)
    assert found.addresses == (ip_address("192.0.2.1"), ip_address("192.0.2.2"))
    evidence = found.observation.evidence
    assert evidence["cnames"] == ["edge.example"]
    assert evidence["ttl_s"] == 60
    assert evidence["resolver"] == f"127.0.0.1 port {server.port}"
    assert ask(endpoint, server.port, version=6).addresses == (ip_address("2001:db8::1"),)


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        (dns.rcode.NXDOMAIN, Failure.DNS_NXDOMAIN),
        (dns.rcode.NOERROR, Failure.DNS_NO_DATA),
        (dns.rcode.SERVFAIL, Failure.DNS_SERVFAIL),
        (dns.rcode.REFUSED, Failure.DNS_REFUSED),
    ],
)
def test_each_refusal_has_its_name(bench: Bench, endpoint: Endpoint, code: dns.rcode.Rcode, failure: Failure) -> None:
    found = ask(endpoint, bench.name_server(rcode(code)).port)
    assert found.observation.outcome is Outcome.FAILED
    assert found.observation.failure is failure
    assert found.addresses == ()


def test_silence_is_asked_again_and_then_a_time_out(bench: Bench, endpoint: Endpoint) -> None:
    server = bench.name_server(lambda *_: None)
    found = ask(endpoint, server.port, options=Options(timeout_s=1.3))
    assert found.observation.failure is Failure.DNS_TIMEOUT
    assert server.asked == ["udp", "udp"]


def test_a_lost_datagram_is_made_up_for(bench: Bench, zone: Zone, endpoint: Endpoint) -> None:
    answer = zone({(HOST, "A"): ("192.0.2.1",)})
    asked: list[str] = []

    def deaf_at_first(query: dns.message.Message, transport: str) -> bytes | None:
        asked.append(transport)
        return answer(query, transport) if len(asked) > 1 else None

    server = bench.name_server(deaf_at_first)
    assert ask(endpoint, server.port, options=Options(timeout_s=3)).addresses == (ip_address("192.0.2.1"),)


def test_another_id_is_ignored(bench: Bench, zone: Zone, endpoint: Endpoint) -> None:
    answer = zone({(HOST, "A"): ("192.0.2.66",)})

    def forged(query: dns.message.Message, transport: str) -> bytes | None:
        query.id ^= 1
        return answer(query, transport)

    found = ask(endpoint, bench.name_server(forged).port, options=QUICK)
    assert found.observation.failure is Failure.DNS_TIMEOUT
    assert found.observation.evidence["foreign"] == 1
    assert found.addresses == ()


def test_another_question_is_ignored(bench: Bench, endpoint: Endpoint) -> None:
    def forged(query: dns.message.Message, _: str) -> bytes:
        other = dns.message.make_query("elsewhere.example", "A")
        other.id = query.id
        return dns.message.make_response(other).to_wire()

    assert ask(endpoint, bench.name_server(forged).port, options=QUICK).observation.failure is Failure.DNS_TIMEOUT


def test_what_is_no_dns_is_malformed(bench: Bench, endpoint: Endpoint) -> None:
    found = ask(endpoint, bench.name_server(lambda *_: b"hello").port, options=QUICK)
    assert found.observation.failure is Failure.DNS_MALFORMED


def test_an_answer_that_does_not_fit_is_asked_for_by_tcp(bench: Bench, zone: Zone, endpoint: Endpoint) -> None:
    many = tuple(f"192.0.2.{n}" for n in range(1, 61))
    server = bench.name_server(zone({(HOST, "A"): many}))
    found = ask(endpoint, server.port)
    assert server.asked == ["udp", "tcp"]
    assert len(found.addresses) == 60
    assert found.observation.evidence["truncated"] is True


def test_the_next_resolver_is_asked_when_one_fails_and_not_when_the_name_is_unknown(
    bench: Bench, zone: Zone, endpoint: Endpoint
) -> None:
    good = bench.name_server(zone({(HOST, "A"): ("192.0.2.1",)}))
    broken, unknown = (bench.name_server(rcode(code)) for code in (dns.rcode.SERVFAIL, dns.rcode.NXDOMAIN))
    found = ask(endpoint, broken.port, good.port)
    assert found.addresses == (ip_address("192.0.2.1"),)
    assert [one["outcome"] for one in found.observation.evidence["attempts"]] == ["dns_servfail", "answered"]  # type: ignore[attr-defined]  # a list
    good.asked.clear()
    assert ask(endpoint, unknown.port, good.port).observation.failure is Failure.DNS_NXDOMAIN
    assert good.asked == []


def test_an_answer_says_more_than_silence(bench: Bench, endpoint: Endpoint) -> None:
    silent = bench.name_server(lambda *_: None)
    refusing = bench.name_server(rcode(dns.rcode.REFUSED))
    shared = Options(timeout_s=1.8)  # by the two of them
    assert ask(endpoint, silent.port, refusing.port, options=shared).observation.failure is Failure.DNS_REFUSED
    assert ask(endpoint, refusing.port, silent.port, options=shared).observation.failure is Failure.DNS_REFUSED


def test_a_port_where_nothing_listens_is_told_at_once(endpoint: Endpoint) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    found = ask(endpoint, port, options=Options(timeout_s=60))
    assert found.observation.failure is Failure.DNS_TIMEOUT
    assert "refused" in found.observation.detail


def test_pins_come_first_and_nobody_is_asked(bench: Bench, zone: Zone, endpoint: Endpoint) -> None:
    server = bench.name_server(zone({(HOST, "A"): ("192.0.2.1",)}))
    found = ask(endpoint, server.port, pins={(HOST, 443): (ip_address("192.0.2.7"),)})
    assert found.addresses == (ip_address("192.0.2.7"),)
    assert found.observation.evidence["source"] == "pinned"
    assert server.asked == []


def test_what_the_hosts_file_says_is_told_beside_the_answer(
    bench: Bench, zone: Zone, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe_dns, "overrides", lambda _: (ip_address("192.0.2.9"), ip_address("2001:db8::9")))
    server = bench.name_server(zone({(HOST, "A"): ("192.0.2.1",)}))
    found = ask(endpoint, server.port)
    assert found.addresses == (ip_address("192.0.2.1"),)
    assert found.observation.evidence["hosts_file"] == ["192.0.2.9"]


def test_no_resolver_has_its_name(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe_dns, "configured", tuple)
    assert ask(endpoint).observation.failure is Failure.DNS_NO_RESOLVER


def test_addresses_that_are_not_published_are_listed_and_no_failure(
    bench: Bench, zone: Zone, endpoint: Endpoint
) -> None:
    server = bench.name_server(zone({(HOST, "A"): ("192.0.2.1", "198.51.100.1")}))
    published = attrs.evolve(endpoint, networks=(ip_network("192.0.2.0/24"),))
    found = ask(published, server.port)
    assert found.observation.outcome is Outcome.PASSED
    assert found.observation.evidence["unlisted"] == ["198.51.100.1"]
