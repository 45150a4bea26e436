"""Where one generation's endpoint is closed the other's is tried, as a control; elsewhere nothing is."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

import attrs
import pytest

from nimnetcheck import probe
from nimnetcheck.catalogue import load
from nimnetcheck.emulator import running
from nimnetcheck.model import Failure, Observation, Outcome, Rung
from nimnetcheck.net import drive, fork
from nimnetcheck.probe.attempt import Options, Setup
from nimnetcheck.probe.controls import generation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.model import Endpoint, World

SHUT = ip_address("127.0.0.99")


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with running() as vendor:
        yield attrs.evolve(vendor.world, pins={("product.connect.nginx.com", 443): (SHUT,)})


def endpoint(name: str) -> Endpoint:
    found = load().endpoint(name)
    assert found
    return found


def controls(name: str, world: World, seen: tuple[Observation, ...]) -> list[Observation]:
    setup = Setup(world=world, options=Options(timeout_s=2))
    looks = list(generation.plan(endpoint(name), seen, setup))
    return [one for found in (drive(fork(looks), 10.0) if looks else ()) for one in found]


def test_the_other_generation_is_reached_where_this_one_is_not(world: World) -> None:
    seen = probe.run([endpoint("usage")], world, Options(timeout_s=2, versions=(4,)))
    assert {one.failure for one in seen if one.failure} == {Failure.TCP_REFUSED}
    found = controls("usage", world, seen)
    assert {(one.subject, one.control, one.evidence["changed"]) for one in found} == {("usage", True, "generation")}
    assert any(one.rung is Rung.HTTP and one.outcome is Outcome.PASSED for one in found)
    assert all(one.target is None or one.target.host == "product.apis.f5.com" for one in found)


def test_where_it_is_reached_nothing_is_tried(world: World) -> None:
    seen = probe.run([endpoint("teem")], world, Options(timeout_s=2))
    assert controls("teem", world, seen) == []


def test_an_endpoint_of_no_generation_has_no_other(world: World) -> None:
    seen = probe.run([endpoint("usage")], world, Options(timeout_s=2, versions=(4,)))
    assert controls("telemetry-range", world, seen) == []


def test_a_namesake_of_the_user_s_own_has_none(world: World) -> None:
    mine = attrs.evolve(endpoint("usage"), host="usage.example")
    failed = Observation(
        subject="usage", rung=Rung.TCP, title="TCP", outcome=Outcome.FAILED, failure=Failure.TCP_TIMEOUT
    )
    assert list(generation.plan(mine, (failed,), Setup(world=world, options=Options()))) == []
