"""What tells answers of resolvers apart: each condition with what makes it true, and with its look-alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nimnetcheck.diagnosis.conditions import names
from nimnetcheck.diagnosis.context import Context
from nimnetcheck.model import Failure, Observation, Rung
from tests.diagnosis.seen import seen

if TYPE_CHECKING:
    from collections.abc import Mapping

HOST = "usage.example"


def asked(failure: Failure | None = None, changed: str = "", **evidence: object) -> Observation:
    """A question about the name, or a control of it."""
    known: Mapping[str, object] = {"name": HOST, "source": "dns", "type": "A", **evidence}
    return seen("usage", None, failure, Rung.DNS, changed=changed, evidence=known)


def context(*observations: Observation) -> Context:
    return Context(observations=observations)


def test_a_closed_port_is_told_from_silence() -> None:
    rejected = {"version": 4, "type": 3, "code": 3, "sender": "192.0.2.53"}
    assert names.is_dead(asked(Failure.DNS_TIMEOUT, errno=111), context())
    assert names.is_dead(asked(Failure.DNS_TIMEOUT, icmp=rejected), context())
    assert not names.is_dead(asked(Failure.DNS_TIMEOUT), context())
    prohibited = asked(Failure.DNS_TIMEOUT, icmp={**rejected, "code": 13})
    assert names.is_question(prohibited, context())
    assert not names.is_question(seen("usage", "192.0.2.1", Failure.ADMIN_PROHIBITED), context())
    assert not names.is_dead(prohibited, context())


def test_tcp_alone_and_udp_alone() -> None:
    question = asked(Failure.DNS_TIMEOUT)
    assert names.lacks_tcp(asked(Failure.DNS_TIMEOUT, truncated=True), context())
    assert not names.lacks_tcp(question, context())
    assert names.lacks_udp(question, context(question, asked(changed="transport")))
    assert not names.lacks_udp(question, context(question, asked(Failure.DNS_TIMEOUT, "transport")))


def test_a_stall_of_one_type_only() -> None:
    a, aaaa = asked(addresses=["203.0.113.1"]), asked(Failure.DNS_TIMEOUT, type="AAAA")
    assert names.stalls_aaaa(aaaa, context(a, aaaa))
    assert not names.stalls_aaaa(aaaa, context(asked(Failure.DNS_TIMEOUT), aaaa))


@pytest.mark.parametrize(
    ("control", "bogus"),
    [
        (asked(changed="validation", addresses=["203.0.113.1"]), True),
        (asked(Failure.DNS_SERVFAIL, "validation", addresses=[]), False),
        (asked(Failure.DNS_SERVFAIL, "reasons", ede=[{"code": 6, "text": ""}]), True),
        (asked(Failure.DNS_SERVFAIL, "reasons", ede=[{"code": 22, "text": "no reachable authority"}]), False),
    ],
)
def test_validation_is_told_from_other_trouble(control: Observation, *, bogus: bool) -> None:
    question = asked(Failure.DNS_SERVFAIL)
    assert names.is_bogus(question, context(question, control)) is bogus


def test_another_resolver_counts_only_with_public_addresses() -> None:
    question = asked(Failure.DNS_NXDOMAIN, resolver="192.0.2.1 port 53")
    good, bad = (asked(changed="resolver", addresses=[text], at="192.0.2.2") for text in ("3.135.72.139", "10.0.0.1"))
    assert names.another_resolver_knows(question, context(question, good))
    assert not names.another_resolver_knows(question, context(question, bad))
    for same in ({"at": "192.0.2.1"}, {"at": "192.0.2.2", "type": "AAAA"}):
        control = asked(changed="resolver", **{"addresses": ["3.135.72.139"], **same})  # type: ignore[arg-type]
        assert not names.another_resolver_knows(question, context(question, control))
    assert not names.another_resolver_knows(question, context(question, asked(changed="resolver", addresses=["x"] * 0)))


def test_an_override_by_the_hosts_file_and_by_a_suffix() -> None:
    assert names.is_overridden(asked(addresses=["3.135.72.139"], hosts_file=["10.0.0.9"]), context())
    assert not names.is_overridden(asked(addresses=["3.135.72.139"], hosts_file=["3.135.72.139"]), context())
    question = asked(Failure.DNS_NXDOMAIN, addresses=[])
    suffix, system = asked(changed="suffix", addresses=["10.0.0.9"]), asked(changed="system", addresses=["10.0.0.9"])
    assert names.is_overridden(question, context(question, suffix, system))
    assert not names.is_overridden(question, context(question, system))


def test_addresses_that_lead_to_nobody_and_to_somebody_else() -> None:
    inside, outside = (
        seen("usage", "10.0.0.1", Failure.TCP_TIMEOUT),
        seen("usage", "198.18.0.9", Failure.TLS_WRONG_HOST),
    )
    answers = asked(addresses=["10.0.0.1", "198.18.0.9"], unlisted=["198.18.0.9"])
    assert names.leads_to_sinkhole(inside, context(answers, inside))
    assert not names.leads_to_sinkhole(inside, context(inside))  # no resolver led there: the user did
    assert not names.leads_to_sinkhole(outside, context(answers, outside))
    assert names.leads_elsewhere(outside, context(answers, outside))
    assert not names.leads_elsewhere(inside, context(answers, inside))


def test_an_address_that_only_one_resolver_gives() -> None:
    wrong = seen("usage", "198.18.0.9", Failure.TLS_WRONG_HOST)
    here, there = (asked(changed="resolver", addresses=[text]) for text in ("198.18.0.9", "3.135.72.139"))
    assert names.is_hijacked(wrong, context(wrong, here, there))
    assert not names.is_hijacked(wrong, context(wrong, here, here))


def test_an_injected_answer_is_one_of_two_that_differ() -> None:
    wrong = seen("usage", "198.18.0.9", Failure.TCP_TIMEOUT)
    first = asked(changed="resolver", addresses=["198.18.0.9"], second_answers=[["3.135.72.139"]])
    second = asked(changed="resolver", addresses=["3.135.72.139"], second_answers=[["198.18.0.9"]])
    assert names.is_injected(wrong, context(wrong, first))
    assert names.is_injected(wrong, context(wrong, second))
    elsewhere = seen("usage", "198.18.0.8", Failure.TCP_TIMEOUT)
    assert not names.is_injected(elsewhere, context(elsewhere, first))
    assert not names.is_injected(wrong, context(wrong, asked(changed="resolver", addresses=["198.18.0.9"])))
