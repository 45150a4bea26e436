"""Which addresses are looked at closer, and which walks are made; the laboratory makes them."""

from __future__ import annotations

from ipaddress import ip_address

import attrs
import pytest

from nimnetcheck.model import Endpoint, Failure, Observation, Outcome, Rung, Target, World
from nimnetcheck.probe.attempt import Options, Setup
from nimnetcheck.probe.controls.path import plan, representatives, ways

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
    plain, port, host = ways(Target(address=ip_address(FAR), port=443))
    assert (plain.changed, str(plain.address), plain.port) == ("hops", FAR, 443)
    assert (port.changed, str(port.address), port.port) == ("port", FAR, 80)
    assert (host.changed, host.port) == ("host", 443)
    assert host.address.is_global
    assert str(host.address) != FAR


def test_nobody_else_is_asked_about_an_address_that_is_not_public() -> None:
    assert [way.changed for way in ways(Target(address=ip_address("10.1.2.3"), port=80))] == ["hops", "port"]
    assert [way.port for way in ways(Target(address=ip_address("10.1.2.3"), port=80))] == [80, 443]


def test_neither_this_host_nor_an_emulated_vendor_has_a_way_that_leads_to_it(endpoint: Endpoint) -> None:
    setup = Setup(world=World(), options=Options())
    away = failed(FAR)
    target = Target(address=ip_address(FAR), port=443, dial=(ip_address("127.0.0.1"), 8443))
    assert len(list(plan(endpoint, [away], setup))) == 1
    assert list(plan(endpoint, [attrs.evolve(away, target=target), failed("127.0.0.1"), failed("::1")], setup)) == []
