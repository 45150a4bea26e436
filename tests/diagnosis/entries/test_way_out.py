"""The way out of this host is told from what lies beyond it."""

from __future__ import annotations

import pytest

from nimnetcheck.model import Failure
from tests.diagnosis.conditions.looked import AT, local
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code


@pytest.mark.parametrize(
    ("kind", "failure", "expected"),
    [
        ("blackhole", Failure.NO_ROUTE, "local.route-blackhole"),
        ("unreachable", Failure.HOST_UNREACHABLE, "local.route-unreachable"),
        ("prohibit", Failure.BLOCKED_LOCALLY, "local.route-prohibit"),
        ("unicast", Failure.NO_ROUTE, "local.no-route"),
        ("unicast", Failure.HOST_UNREACHABLE, "icmp.host-unreach"),
    ],
)
def test_a_route_that_refuses_is_named_by_its_kind(kind: str, failure: Failure, expected: str) -> None:
    assert code(seen("usage", AT, failure), local(route={"type": kind})) == expected


def test_a_link_that_is_down_comes_before_the_route_that_is_missing() -> None:
    lost = seen("usage", AT, Failure.NO_ROUTE)
    assert code(lost, local(links=[{"name": "eth0", "up": False, "carrier": False}])) == "local.link-down"
    assert code(lost, local(links=[{"name": "eth0", "up": True, "carrier": True}])) == "local.no-route"
