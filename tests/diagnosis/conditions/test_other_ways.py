"""What fares otherwise in another way: each condition with what makes it true, and with its look-alikes."""

from __future__ import annotations

from nimnetcheck.diagnosis.conditions import other_ways
from nimnetcheck.diagnosis.context import Context
from nimnetcheck.model import Failure, Observation, Rung
from tests.diagnosis.seen import seen

AT = "3.135.72.139"


def shaken(failure: Failure | None = None, changed: str = "", **evidence: object) -> Observation:
    return seen("usage", AT, failure, Rung.TLS, changed=changed, evidence=evidence)


def context(*observations: Observation) -> Context:
    return Context(observations=observations)


def test_a_long_hello_is_lost_where_a_short_one_was_answered_again() -> None:
    good = shaken(hello_octets=517)
    lost = shaken(Failure.TLS_TIMEOUT, "hello", unchanged="passed", hello_octets=1890)
    assert other_ways.is_hello_split(good, context(good, lost))
    assert other_ways.hellos(good, context(good, lost)) == (
        "a ClientHello of 1890 octets: tls timeout; of 517: answered"
    )
    for other in (
        shaken(Failure.TLS_TIMEOUT, "hello", unchanged="tls_timeout"),  # the server has ended meanwhile
        shaken(Failure.TLS_ALERT, "hello", unchanged="passed"),  # an answer, for the invented protocols perhaps
        shaken(Failure.DEADLINE, "hello"),
        shaken(changed="hello"),
    ):
        assert not other_ways.is_hello_split(good, context(good, other)), other
    assert other_ways.hellos(good, context(good)) == ""


def test_a_short_hello_is_answered_where_a_long_one_was_lost_again() -> None:
    lost = shaken(Failure.TLS_RESET, hello_octets=1890)
    assert other_ways.is_hello_split(lost, context(lost, shaken(changed="hello", unchanged="tls_reset")))
    for other in (shaken(changed="hello", unchanged="passed"), shaken(Failure.TLS_RESET, "hello")):
        assert not other_ways.is_hello_split(lost, context(lost, other)), other


def test_http_2_is_broken_where_http_1_was_answered_again() -> None:
    good = seen("usage", AT, None, Rung.HTTP)

    def offered(failure: Failure | None, **evidence: object) -> Observation:
        return seen("usage", AT, failure, Rung.HTTP, changed="alpn", evidence=evidence)

    broken = offered(Failure.HTTP_CLOSED, unchanged="passed", alpn="h2")
    assert other_ways.is_http2_broken(good, context(good, broken))
    assert other_ways.http2(good, context(good, broken)) == (
        "HTTP/2 is agreed on: http closed; without the offer: answered"
    )
    refused = offered(Failure.TLS_ALERT, unchanged="passed")
    assert other_ways.http2(good, context(good, refused)).startswith("HTTP/2 is offered: tls alert")
    for other in (offered(None, alpn="h2"), offered(Failure.HTTP_CLOSED, unchanged="http_closed")):
        assert not other_ways.is_http2_broken(good, context(good, other)), other
