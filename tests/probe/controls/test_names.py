"""What a closer look at a name brings to light, asked of real name servers on loopback."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

import attrs
import dns.edns
import dns.flags
import dns.message
import dns.rcode
import pytest

from nimnetcheck.model import Endpoint, Failure, Observation, Outcome, World
from nimnetcheck.net import drive
from nimnetcheck.probe.attempt import Options, Setup
from nimnetcheck.probe.controls import look_closer
from nimnetcheck.probe.dns import lookup

if TYPE_CHECKING:
    from tests.probe.conftest import Answerer, Bench, Zone

HOST = "usage.example"
PUBLIC = "203.0.113.7"
LOOPBACK = ip_address("127.0.0.1")
PATIENT = Options(versions=(4,))
QUICK = Options(timeout_s=1.0, versions=(4,))  # for who is silent on purpose: all others may take their time


def look(endpoint: Endpoint, *ports: int, options: Options = PATIENT, **world: Any) -> list[Observation]:  # noqa: ANN401 (fields of World)
    """The plain question and the controls that follow from its answer."""
    where = World(resolvers=tuple((LOOPBACK, port) for port in ports), **world)
    plain = drive(lookup(endpoint, HOST, 443, 4, Setup(world=where, options=options)), 10.0).observation
    controls = list(look_closer([endpoint], [plain], where, options))
    assert all(one.control and not one.required for one in controls)
    return controls


def changed(controls: list[Observation], what: str) -> list[Observation]:
    return [one for one in controls if one.evidence["changed"] == what]


def only(controls: list[Observation], what: str) -> Observation:
    (one,) = changed(controls, what)
    return one


def test_a_clean_answer_is_not_looked_at_again(bench: Bench, zone: Zone, endpoint: Endpoint) -> None:
    server = bench.name_server(zone({(HOST, "A"): (PUBLIC,)}))
    assert look(endpoint, server.port) == []
    assert server.asked == ["udp"]


def test_a_pinned_name_is_not_looked_at(endpoint: Endpoint) -> None:
    assert look(endpoint, 9, pins={(HOST, 443): (ip_address("10.0.0.1"),)}) == []


@pytest.mark.parametrize("address", ["10.1.2.3", "0.0.0.0", "127.0.0.1", "100.64.0.1", "169.254.1.1"])  # noqa: S104 (a sinkhole's answer)
def test_an_address_that_no_public_name_has_is_looked_at(
    bench: Bench, zone: Zone, endpoint: Endpoint, address: str
) -> None:
    sinkhole = bench.name_server(zone({(HOST, "A"): (address,)}))
    true = bench.name_server(zone({(HOST, "A"): (PUBLIC,)}))
    alone = changed(look(endpoint, sinkhole.port, true.port), "resolver")
    assert [one.evidence["addresses"] for one in alone] == [[address], [PUBLIC]]


def test_an_address_outside_the_published_ones_is_looked_at(bench: Bench, zone: Zone, endpoint: Endpoint) -> None:
    published = attrs.evolve(endpoint, networks=(ip_network("203.0.113.0/28"),))
    assert look(published, bench.name_server(zone({(HOST, "A"): (PUBLIC,)})).port) == []
    assert look(published, bench.name_server(zone({(HOST, "A"): ("203.0.113.200",)})).port) != []


def test_a_failed_validation_answers_when_it_is_switched_off(bench: Bench, zone: Zone, endpoint: Endpoint) -> None:
    good = zone({(HOST, "A"): (PUBLIC,)})

    def validating(query: dns.message.Message, transport: str) -> bytes | None:
        if query.flags & dns.flags.CD:
            return good(query, transport)
        reply = dns.message.make_response(query)
        reply.set_rcode(dns.rcode.SERVFAIL)
        if query.edns >= 0:
            reply.use_edns(0, options=[dns.edns.EDEOption(dns.edns.EDECode.DNSSEC_BOGUS, "\x1b[2Jno signature")])
        return reply.to_wire()

    controls = look(endpoint, bench.name_server(validating).port)
    assert only(controls, "validation").evidence["addresses"] == [PUBLIC]
    reasons = only(controls, "reasons")
    assert reasons.failure is Failure.DNS_SERVFAIL
    assert reasons.evidence["ede"] == [{"code": 6, "text": "[2Jno signature"}]


def test_a_broken_resolver_fails_with_validation_switched_off_too(bench: Bench, endpoint: Endpoint) -> None:
    controls = look(endpoint, bench.name_server(refusing(dns.rcode.SERVFAIL)).port)
    assert only(controls, "validation").failure is Failure.DNS_SERVFAIL
    assert only(controls, "name").failure is Failure.DNS_SERVFAIL


def refusing(code: dns.rcode.Rcode) -> Answerer:
    def answer(query: dns.message.Message, _: str) -> bytes:
        reply = dns.message.make_response(query)
        reply.set_rcode(code)
        return reply.to_wire()

    return answer


def test_a_resolver_that_knows_another_name_filters_this_one(bench: Bench, endpoint: Endpoint) -> None:
    def filtering(query: dns.message.Message, _: str) -> bytes:
        reply = dns.message.make_response(query)
        if query.question[0].name == dns.name.root:
            reply.answer.append(dns.rrset.from_text(".", 60, "IN", "NS", "a.root.example."))
        else:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply.to_wire()

    controls = look(endpoint, bench.name_server(filtering).port)
    assert only(controls, "resolver").failure is Failure.DNS_NXDOMAIN
    assert only(controls, "name").outcome is Outcome.PASSED


def test_udp_lost_and_tcp_open_are_told_apart(bench: Bench, zone: Zone, endpoint: Endpoint) -> None:
    good = zone({(HOST, "A"): (PUBLIC,)})
    server = bench.name_server(lambda query, transport: good(query, transport) if transport == "tcp" else None)
    controls = look(endpoint, server.port, options=QUICK)
    assert only(controls, "transport").evidence["addresses"] == [PUBLIC]
    assert only(controls, "resolver").failure is Failure.DNS_TIMEOUT


def test_who_vouches_for_a_negative_answer_is_kept(bench: Bench, endpoint: Endpoint) -> None:
    def denied(query: dns.message.Message, _: str) -> bytes:
        reply = dns.message.make_response(query)
        reply.set_rcode(dns.rcode.NXDOMAIN)
        reply.authority.append(dns.rrset.from_text("rpz.corp.", 60, "IN", "SOA", "ns.corp. x.corp. 1 2 3 4 5"))
        return reply.to_wire()

    assert only(look(endpoint, bench.name_server(denied).port), "resolver").evidence["soa"] == "rpz.corp."


def test_a_resolver_that_is_not_there_is_told_from_one_that_is_silent(bench: Bench, endpoint: Endpoint) -> None:
    silent = bench.name_server(lambda *_: None)
    controls = changed(look(endpoint, 9, silent.port, options=QUICK), "resolver")
    assert [one.evidence.get("errno") for one in controls] == [111, None]
