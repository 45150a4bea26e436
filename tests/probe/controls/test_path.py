"""Which addresses are looked at closer, and which walks are made; the laboratory makes them."""

from __future__ import annotations

from ipaddress import ip_address

import attrs
import pytest

from nimnetcheck.model import Endpoint, Failure, Observation, Outcome, Rung, Target, World
from nimnetcheck.probe.attempt import Options, Setup
from nimnetcheck.probe.controls.path import last_ways, lost_together, plan, representatives, ways
from nimnetcheck.probe.elsewhere import ROOT_SERVER, Elsewhere, parse
from tests.diagnosis.conditions.looked import walked

FAR = "3.135.72.139"


def failed(address: str, failure: Failure = Failure.TCP_TIMEOUT) -> Observation:
    return Observation(
        subject="usage",
        rung=Rung.TCP,
        title="TCP",
        outcome=Outcome.FAILED,
        failure=failure,
        target=Target(address=ip_address(address), port=443),
    )


def test_one_address_stands_for_all_that_failed_alike() -> None:
    seen = [failed(f"159.60.126.{n}") for n in range(128)]
    seen += [failed("2600:1f16::1"), failed("159.60.126.3", Failure.TCP_REFUSED)]
    assert representatives(seen) == (seen[0], seen[128], seen[129])


@pytest.mark.parametrize("failure", [Failure.HTTP_STATUS, Failure.DEADLINE, Failure.PROXY_DENIED])
def test_what_needs_no_walk_gets_none(failure: Failure) -> None:
    assert representatives([failed(FAR, failure)]) == ()


def test_each_walk_changes_one_thing() -> None:
    plain, port, host = ways(Target(address=ip_address(FAR), port=443), ROOT_SERVER)
    assert (plain.changed, str(plain.address), plain.port) == ("hops", FAR, 443)
    assert (port.changed, str(port.address), port.port) == ("port", FAR, 80)
    assert (host.changed, host.port) == ("host", 443)
    assert host.address.is_global
    assert str(host.address) != FAR


def test_nobody_else_is_asked_about_an_address_that_is_not_public() -> None:
    private = tuple(ways(Target(address=ip_address("10.1.2.3"), port=80), ROOT_SERVER))
    assert [way.changed for way in private] == ["hops", "port"]
    assert [way.port for way in private] == [80, 443]


def test_nobody_else_is_asked_where_the_user_wants_none() -> None:
    target = Target(address=ip_address(FAR), port=443)
    for nobody in (parse("none"), parse("2001:db8::7")):  # of the other IP version nobody is named
        assert {str(way.address) for way in (*ways(target, nobody), *last_ways(target, nobody))} == {FAR}


def test_whom_the_user_names_is_asked_and_nobody_else() -> None:
    target = Target(address=ip_address(FAR), port=443)
    for last in last_ways(target, parse("192.0.2.7:22")):
        assert (last.changed, str(last.address), last.port) == ("host and port", "192.0.2.7", 22)
    assert [str(way.address) for way in ways(target, parse("192.0.2.7"))] == [FAR, FAR, "192.0.2.7"]


@pytest.mark.parametrize(("port", "given", "asked"), [(443, 53, 53), (53, 53, 80), (443, 443, 80), (80, 80, 443)])
def test_the_last_walk_is_to_a_port_that_was_not_tried_there(port: int, given: int, asked: int) -> None:
    elsewhere = Elsewhere(addresses=(ip_address("192.0.2.7"),), port=given)
    assert [way.port for way in last_ways(Target(address=ip_address(FAR), port=port), elsewhere)] == [asked]


def test_the_last_walk_is_for_those_that_are_lost_at_one_place() -> None:
    assert lost_together([walked("silent", 2), walked("silent", 2, "port"), walked("silent", 2, "host")])
    assert not lost_together([walked("silent", 2), walked("silent", 2, "port"), walked("silent", 3, "host")])
    assert not lost_together([walked("silent", 2), walked("silent", 2, "port"), walked("refused", 2, "host")])
    assert not lost_together([walked("refused", 2), walked("refused", 2, "port")])


def test_neither_this_host_nor_an_emulated_vendor_has_a_way_that_leads_to_it(endpoint: Endpoint) -> None:
    setup = Setup(world=World(), options=Options())
    away = failed(FAR)
    target = Target(address=ip_address(FAR), port=443, dial=(ip_address("127.0.0.1"), 8443))
    assert len(list(plan(endpoint, [away], setup))) == 1
    assert list(plan(endpoint, [attrs.evolve(away, target=target), failed("127.0.0.1"), failed("::1")], setup)) == []
