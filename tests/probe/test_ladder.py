"""The plan is pure; the loop stops where a rung breaks and says why the others were not tried."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

import attrs

from nimnetcheck import probe
from nimnetcheck.catalogue import load
from nimnetcheck.model import Failure, Outcome, Rung, World
from nimnetcheck.probe import Options, Proxy
from nimnetcheck.probe.ladder import NAME, PROXIED, RANGE, plan

if TYPE_CHECKING:
    from nimnetcheck.model import Endpoint
    from tests.probe.conftest import Bench, Respond, Zone

HOST = "usage.example"
LOOPBACK = ip_address("127.0.0.1")
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


def test_every_address_of_a_range_is_a_target(endpoint: Endpoint) -> None:
    telemetry = load().endpoint("telemetry-range")
    assert telemetry
    todo = plan(telemetry, Options())
    assert (len(todo.addresses), todo.rungs, todo.lookup) == (128, RANGE, None)
    named = plan(endpoint, Options())
    assert (named.addresses, named.rungs, named.lookup) == ((), NAME, HOST)


def test_what_is_not_tried_says_why(endpoint: Endpoint) -> None:
    pattern = attrs.evolve(endpoint, host="*.walkme.com")
    assert "cannot be listed" in plan(pattern, Options()).because
    wide = attrs.evolve(endpoint, host=None, networks=(ip_network("2001:db8::/62"),))
    assert "more than 1024" in plan(wide, Options()).because
    assert "IP version" in plan(wide, Options(versions=(4,))).because
    (seen, *_) = probe.run([pattern], World())
    assert seen.outcome is Outcome.SKIPPED
    assert seen.because == "the names under *.walkme.com cannot be listed"


def test_a_proxy_stands_between_for_names_only(endpoint: Endpoint) -> None:
    options = Options(proxy=Proxy(host="proxy.example", port=3128))
    todo = plan(endpoint, options)
    assert (todo.rungs, todo.lookup, todo.port) == (PROXIED, "proxy.example", 3128)
    literal = plan(endpoint, Options(proxy=Proxy(host="192.0.2.1", port=3128)))
    assert (literal.rungs, literal.lookup) == (PROXIED[1:], None)
    by_address = attrs.evolve(endpoint, host=None, networks=(ip_network("192.0.2.0/30"),))
    assert plan(by_address, options).rungs == RANGE


def test_a_name_that_leads_nowhere_skips_the_rest(bench: Bench, zone: Zone, endpoint: Endpoint) -> None:
    server = bench.name_server(zone({}))
    seen = probe.run([endpoint], World(resolvers=((LOOPBACK, server.port),)))
    assert [(one.rung, one.outcome) for one in seen] == [
        (Rung.DNS, Outcome.FAILED),
        (Rung.DNS, Outcome.FAILED),
        (Rung.TCP, Outcome.SKIPPED),
        (Rung.TLS, Outcome.SKIPPED),
        (Rung.HTTP, Outcome.SKIPPED),
        (Rung.PATH, Outcome.SKIPPED),
    ]
    assert {one.because for one in seen[2:]} == {"dns: dns nxdomain"}


def test_a_broken_rung_skips_those_above_it_at_this_address_only(
    bench: Bench, zone: Zone, respond: Respond, endpoint: Endpoint
) -> None:
    good = bench.listen_tls(bench.authority.issue_cert(HOST), respond(OK))
    other = ip_address("127.0.0.2")
    server = bench.name_server(zone({(HOST, "A"): (str(LOOPBACK), str(other))}))
    world = World(
        resolvers=((LOOPBACK, server.port),),
        dial={(LOOPBACK, 443): (LOOPBACK, good), (other, 443): (other, good)},
        ca_file=bench.ca_file,
    )
    seen = probe.run([endpoint], world)
    by_address = {
        address: [(one.rung, one.outcome) for one in seen if one.target and one.target.address == address]
        for address in (LOOPBACK, other)
    }
    assert by_address[LOOPBACK] == [(rung, Outcome.PASSED) for rung in (Rung.TCP, Rung.TLS, Rung.HTTP, Rung.PATH)]
    assert by_address[other][0] == (Rung.TCP, Outcome.FAILED)
    assert [outcome for _, outcome in by_address[other][1:]] == [Outcome.SKIPPED] * 3


def test_no_record_of_one_version_is_no_failure(bench: Bench, zone: Zone, endpoint: Endpoint) -> None:
    server = bench.name_server(zone({(HOST, "A"): ("127.0.0.1",)}))
    world = bench.world(bench.listen(bench.silent), pins={}, resolvers=((LOOPBACK, server.port),))
    names = [one for one in probe.run([endpoint], world, Options(timeout_s=0.5)) if one.rung is Rung.DNS]
    assert [one.outcome for one in names] == [Outcome.PASSED, Outcome.PASSED]
    only_v6 = probe.run([endpoint], world, Options(versions=(6,)))
    assert only_v6[0].failure is Failure.DNS_NO_DATA


def test_a_pin_for_another_version_only_is_not_shown_as_passed(endpoint: Endpoint) -> None:
    world = World(pins={(HOST, 443): (LOOPBACK,)})
    seen = probe.run([endpoint], world, Options(versions=(6,)))
    assert seen[0].failure is Failure.DNS_NO_DATA
    assert {one.outcome for one in seen[1:]} == {Outcome.SKIPPED}


def test_the_deadline_leaves_observations_of_its_own(bench: Bench, endpoint: Endpoint) -> None:
    world = bench.world(bench.listen(bench.silent))
    deaf = bench.name_server(lambda *_: None)
    unresolved = attrs.evolve(endpoint, id="deaf", host="deaf.example")
    world = attrs.evolve(world, resolvers=((LOOPBACK, deaf.port),))
    seen = probe.run([endpoint, unresolved], world, Options(timeout_s=60, deadline_s=0.3, versions=(4,)))
    ended = {(one.subject, one.rung) for one in seen if one.failure is Failure.DEADLINE}
    assert ended == {("usage", Rung.TLS), ("deaf", Rung.DNS)}
    assert [one.outcome for one in seen if one.rung is Rung.HTTP] == [Outcome.SKIPPED, Outcome.SKIPPED]


def test_observations_come_in_the_order_of_the_endpoints(bench: Bench, respond: Respond, endpoint: Endpoint) -> None:
    world = bench.world(bench.listen_tls(bench.authority.issue_cert(HOST), respond(OK)))
    many = [attrs.evolve(endpoint, id=f"usage-{n}", required=bool(n)) for n in range(5)]
    seen = probe.run(many, world)
    assert list(dict.fromkeys(one.subject for one in seen)) == [one.id for one in many]
    assert {one.required for one in seen if one.subject == "usage-0"} == {False}
    assert {one.outcome for one in seen if one.target} == {Outcome.PASSED}
