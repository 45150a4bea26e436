"""The message behind an errno decides, and the walk says where it came from."""

from __future__ import annotations

from nimnetcheck.diagnosis.conditions import icmp
from nimnetcheck.model import Failure, Observation
from tests.diagnosis.conditions.looked import AT, context, walked
from tests.diagnosis.seen import seen


def told(kind: int, code: int) -> Observation:
    evidence = {"icmp": {"version": 4, "type": kind, "code": code, "sender": "10.20.0.1"}}
    return seen("usage", AT, Failure.NET_UNREACHABLE, evidence=evidence)


def test_one_errno_and_two_messages() -> None:
    circle = icmp.says((4, 11, 0), (6, 3, 0))
    assert circle(told(11, 0), context())
    assert not circle(told(3, 0), context())
    assert not circle(seen("usage", AT, Failure.NET_UNREACHABLE), context())


def test_the_hop_of_a_refusal_is_told_where_a_walk_saw_it() -> None:
    one = told(3, 0)
    assert icmp.hop(one, context(one, walked("unreachable", 2))) == "packets to port 443 are unreachable at hop 2"
    assert icmp.hop(one, context(one, walked("silent", 2))) == ""
    assert icmp.hop(one, context(one)) == ""


def test_routers_that_are_met_twice_go_in_a_circle() -> None:
    hops = [{"limit": n, "said": "passed on", "from": f"10.0.0.{n % 2}"} for n in range(1, 6)]
    one = told(11, 0)
    walk = seen("usage", AT, changed="hops", evidence={"hops": hops, "port": 443, "passed_on": 5, "ended": "silent"})
    assert icmp.circle(one, context(one, walk)) == "the walk meets 10.0.0.1, 10.0.0.0 again and again"
    assert icmp.circle(one, context(one, walked("silent", 3))) == ""
