"""Somebody nearer than the resolver is told from the resolver itself, wherever that is and whoever leads there."""

from __future__ import annotations

import attrs
import pytest

from nimnetcheck.diagnosis.conditions import port53
from nimnetcheck.model import Failure, Observation, Rung
from tests.diagnosis.conditions.looked import RESOLVER, context, nearer
from tests.diagnosis.seen import seen

AT = {"source": "dns", "resolver": f"{RESOLVER} port 53"}
DENIED = seen("usage", None, Failure.DNS_NXDOMAIN, Rung.DNS, evidence=AT)


def test_what_is_answered_for_everybody_where_packets_are_only_passed_on() -> None:
    proof = port53.proof(DENIED, context(DENIED, *nearer()))
    assert "10.20.53.53 and to 198.41.0.4 that may go no farther than 10.20.0.1 (hop 1)" in proof


@pytest.mark.parametrize(
    "looks",
    [
        (),
        nearer(hops="passed on"),
        nearer(hops="silent"),
        nearer(port="unreachable", host=""),
        nearer(port="silent", host=""),
        nearer(host=""),
        nearer(host="passed on"),
        nearer(host="silent"),
        nearer(router=RESOLVER),
        nearer(router=None),
    ],
    ids=[
        "nothing was looked at",
        "the resolver is farther away",
        "nobody says anything",
        "the resolver is there",
        "the resolver may be there",
        "nobody else was asked",
        "only the resolver's port is led on",
        "nobody else's may be",
        "the resolver passes on what goes to its other ports",
        "nobody knows who passed it on",
    ],
)
def test_what_is_no_proof(looks: tuple[Observation, ...]) -> None:
    assert not port53.is_intercepted(DENIED, context(DENIED, *looks))


def test_the_answer_is_another_resolvers() -> None:
    other = seen("usage", None, Failure.DNS_NXDOMAIN, Rung.DNS, evidence={**AT, "resolver": "10.20.0.2 port 53"})
    assert not port53.is_intercepted(other, context(other, *nearer()))


def test_the_name_of_a_proxy_may_be_unknown_to_anybody() -> None:
    proxy = seen("usage", None, Failure.DNS_NXDOMAIN, Rung.DNS, evidence={**AT, "proxy": True})
    assert not port53.is_intercepted(proxy, context(proxy, *nearer()))


def test_only_what_an_answer_led_astray_is_explained() -> None:
    answer = seen("usage", None, None, Rung.DNS, evidence={**AT, "addresses": ["10.9.9.9", "198.18.9.9", "3.3.3.3"]})
    unlisted = seen("usage", None, None, Rung.DNS, evidence={**answer.evidence, "unlisted": ["198.18.9.9"]})
    inside, silent = (seen("usage", address, Failure.TCP_TIMEOUT) for address in ("10.9.9.9", "198.18.9.9"))
    outside, right = (seen("usage", address, Failure.TLS_WRONG_HOST, Rung.TLS) for address in ("198.18.9.9", "3.3.3.3"))
    assert port53.is_intercepted(inside, context(answer, inside, *nearer()))
    assert port53.is_intercepted(outside, context(unlisted, outside, *nearer()))
    assert not port53.is_intercepted(outside, context(answer, outside, *nearer()))
    assert not port53.is_intercepted(silent, context(unlisted, silent, *nearer()))  # `rules.gap`
    assert not port53.is_intercepted(right, context(unlisted, right, *nearer()))


@pytest.mark.parametrize("broken", [{"hops": "x"}, {"hops": [7]}, {"ended_at": "1"}, {"ended_at": None}, {"at": 7}])
def test_a_saved_report_may_hold_anything(broken: dict[str, object]) -> None:
    looks = (attrs.evolve(one, evidence={**one.evidence, **broken}) for one in nearer())
    assert not port53.is_intercepted(DENIED, context(DENIED, *looks))
