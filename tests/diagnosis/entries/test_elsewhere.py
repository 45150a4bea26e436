"""Answers that lead to somebody else are the cause of whatever fails there, and no answer is, where all is well."""

from __future__ import annotations

import pytest

from nimnetcheck.model import Failure, Observation, Rung
from tests.diagnosis.conditions.looked import RESOLVER, nearer
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code

F = Failure


def answered(changed: str = "", **evidence: object) -> Observation:
    known = {"name": "usage.example", "source": "dns", "type": "A", **evidence}
    return seen("usage", None, None, Rung.DNS, changed=changed, evidence=known)


@pytest.mark.parametrize("failure", [F.TCP_TIMEOUT, F.TCP_REFUSED, F.HOST_UNREACHABLE, F.NO_ROUTE, F.BLOCKED_LOCALLY])
def test_a_sinkhole_explains_every_way_to_fail_there(failure: Failure) -> None:
    broken = seen("usage", "10.9.9.9", failure)
    assert code(broken, answered(addresses=["10.9.9.9"])) == "dns.sinkhole"
    assert code(broken, answered(addresses=[])) != "dns.sinkhole"


def test_a_relay_at_a_private_address_that_works_is_nothing() -> None:
    answer = answered(addresses=["10.9.9.9"])
    assert code(answer) is None
    assert code(seen("usage", "10.9.9.9", None, Rung.HTTP), answer) is None


def test_an_address_that_is_not_published() -> None:
    answer = answered(addresses=["198.18.9.9"], unlisted=["198.18.9.9"])
    assert code(seen("usage", "198.18.9.9", F.TLS_WRONG_HOST, Rung.TLS), answer) == "dns.hijack-public"
    assert code(seen("usage", "198.18.9.9", None, Rung.HTTP), answer) == "rules.gap"
    assert code(seen("usage", "198.18.9.9", F.TCP_TIMEOUT), answer) == "rules.gap"
    assert code(seen("usage", "3.135.72.139", F.TCP_TIMEOUT), answer) == "tcp.drop-path"
    assert code(seen("usage", "3.135.72.139", None, Rung.HTTP), answer) is None


def test_an_injected_answer() -> None:
    twice = answered("resolver", addresses=["198.18.9.9"], second_answers=[["3.135.72.139"]])
    assert code(seen("usage", "198.18.9.9", F.TCP_TIMEOUT), twice) == "dns.injected"


def test_somebody_nearer_who_answers_explains_the_answer_and_where_it_leads() -> None:
    denied = seen("usage", None, F.DNS_NXDOMAIN, Rung.DNS, evidence={"resolver": f"{RESOLVER} port 53"})
    led = answered(addresses=["10.9.9.9"], resolver=f"{RESOLVER} port 53")
    broken = seen("usage", "10.9.9.9", F.TCP_TIMEOUT)
    taken = nearer(host="answered")
    assert code(denied, *taken) == "dns.port53-intercepted"
    assert code(denied, *nearer(host="passed on")) == "dns.nxdomain"
    assert code(broken, led, *taken) == "dns.port53-intercepted"
    assert code(led, *taken) is None
    assert code(seen("usage", "3.135.72.139", F.TCP_TIMEOUT), led, *taken) == "tcp.drop-path"


def test_an_override_is_told_though_the_resolver_is_right() -> None:
    assert code(answered(addresses=["3.135.72.139"], hosts_file=["10.0.0.1"])) == "dns.search-or-hosts-override"
    assert code(answered(addresses=["3.135.72.139"], hosts_file=["3.135.72.139"])) is None
