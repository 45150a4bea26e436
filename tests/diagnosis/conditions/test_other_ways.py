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


def answered(
    status: int, changed: str = "", failure: Failure | None = None, detail: str = "", **evidence: object
) -> Observation:
    evidence = {"status": status, **evidence}
    return seen("usage", AT, failure, Rung.HTTP, changed=changed, detail=detail, evidence=evidence)


def test_a_product_is_refused_by_its_name() -> None:
    good = answered(404, detail="404 Not Found")
    told = {"user_agent": "curl/8.5.0", "detail": "403 Forbidden"}
    refused = answered(403, "user-agent", Failure.HTTP_STATUS, unchanged="passed", **told)
    assert other_ways.is_product_refused(good, context(good, refused))
    assert not other_ways.is_tool_refused(good, context(good, refused))
    assert other_ways.agents(good, context(good, refused)) == (
        "as curl/8.5.0: 403 Forbidden; as nimnetcheck: 404 Not Found"
    )
    for other in (
        answered(404, "user-agent"),
        answered(403, "user-agent", Failure.HTTP_STATUS, unchanged="http_status"),
    ):
        assert not other_ways.is_product_refused(good, context(good, other)), other
    assert other_ways.agents(good, context(good)) == ""


def test_this_tool_is_refused_by_its_name() -> None:
    let_by = answered(404, "user-agent", unchanged="http_status")
    for refused in (
        answered(403),
        answered(403, failure=Failure.HTTP_BLOCK_PAGE),
        answered(0, failure=Failure.HTTP_CLOSED),
    ):
        assert other_ways.is_tool_refused(refused, context(refused, let_by)), refused
        assert not other_ways.is_product_refused(refused, context(refused, let_by)), refused
        for other in (
            answered(404, "user-agent", unchanged="passed"),
            answered(403, "user-agent", Failure.HTTP_STATUS),
        ):
            assert not other_ways.is_tool_refused(refused, context(refused, other)), other
