"""What tells the answers of proxies apart: each condition with what makes it true, and with its look-alike."""

from __future__ import annotations

import attrs
import pytest

from nimnetcheck.diagnosis.conditions import proxies
from nimnetcheck.diagnosis.context import Context
from nimnetcheck.model import Failure, Observation, Outcome, Rung
from tests.diagnosis.seen import seen

F = Failure
AT = "10.20.31.31"


def asked(failure: Failure | None = None, changed: str = "", **evidence: object) -> Observation:
    return seen("usage", AT, failure, Rung.PROXY, changed=changed, evidence=evidence)


def context(*observations: Observation) -> Context:
    return Context(observations=observations)


def test_a_connection_to_a_proxy_is_one_that_a_tunnel_would_follow() -> None:
    refused = seen("usage", AT, F.TCP_REFUSED)
    skipped = attrs.evolve(asked(), outcome=Outcome.SKIPPED)
    assert proxies.is_proxied(refused, context(refused, skipped))
    assert not proxies.is_proxied(refused, context(refused))
    assert not proxies.is_in_tunnel(refused, context(refused, skipped))


@pytest.mark.parametrize(
    ("schemes", "cannot"),
    [(["ntlm", "negotiate"], True), (["negotiate", "basic"], False), (["basic"], False), ([], False)],
)
def test_schemes_that_a_password_does_not_answer(schemes: list[str], *, cannot: bool) -> None:
    assert proxies.wants_what_nim_cannot(asked(F.PROXY_AUTH_REQUIRED, schemes=schemes), context()) is cannot


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"x-squid-error": "ERR_CANNOT_FORWARD 0"}, "cannot_resolve"),
        ({"x-squid-error": "ERR_DNS_FAIL 0"}, "cannot_resolve"),
        ({"proxy-status": "proxy; error=dns_error; rcode=NXDOMAIN"}, "cannot_resolve"),
        ({"x-squid-error": "ERR_CONNECT_FAIL 111"}, "is_refused_beyond"),
        ({"x-squid-error": "ERR_CONNECT_FAIL 110"}, "waits_beyond"),
        ({"proxy-status": "proxy; error=connection_timeout"}, "waits_beyond"),
        ({"via": "1.1 proxy"}, ""),
    ],
)
def test_reasons_of_a_gateway_error(headers: dict[str, str], expected: str) -> None:
    failed = asked(F.PROXY_UPSTREAM_FAILED, status=503, headers=headers)
    conditions = ("cannot_resolve", "is_refused_beyond", "waits_beyond")
    assert [name for name in conditions if getattr(proxies, name)(failed, context(failed))] == [expected] * bool(
        expected
    )


def test_a_silent_proxy_is_told_from_one_that_waits() -> None:
    silent = asked(F.PROXY_UPSTREAM_FAILED)
    assert proxies.is_silent(silent, context())
    assert proxies.waits_beyond(silent, context(silent, asked(changed="host", status=200)))
    assert not proxies.waits_beyond(silent, context(silent, asked(F.PROXY_UPSTREAM_FAILED, "host")))
    assert not proxies.is_silent(asked(F.PROXY_UPSTREAM_FAILED, status=502), context())


def test_a_proxy_is_not_blamed_for_what_comes_past_it_too() -> None:
    untrusted, tunnel = seen("usage", AT, F.TLS_UNTRUSTED, Rung.TLS), asked()
    for direct, blamed, words in (
        (seen("usage", None, None, Rung.TLS, changed="direct"), True, "the public authorities vouch"),
        (seen("usage", None, F.TCP_TIMEOUT, Rung.TLS, changed="direct"), True, "past the proxy: tcp timeout"),
        (seen("usage", None, F.TLS_UNTRUSTED, Rung.TLS, changed="direct"), False, "past the proxy: tls untrusted"),
    ):
        around = context(untrusted, tunnel, direct)
        assert proxies.inspects(untrusted, around) is blamed
        assert words in proxies.past_the_proxy(untrusted, around)
    assert proxies.past_the_proxy(untrusted, context(untrusted, tunnel)) == ""


def test_a_denied_host_and_a_denied_port() -> None:
    denied = asked(F.PROXY_DENIED, status=403)
    assert proxies.denies_every_host(denied, context(denied, asked(F.PROXY_DENIED, "host", status=403)))
    assert not proxies.denies_every_host(denied, context(denied, asked(changed="host", status=200)))
    assert not proxies.denies_every_host(denied, context(denied, asked(F.PROXY_DENIED, "host", status=503)))


@pytest.mark.parametrize(("status", "portal"), [(302, True), (511, True), (400, False), (None, False)])
def test_a_portal(status: int | None, *, portal: bool) -> None:
    assert proxies.is_portal(asked(F.PROXY_NOT_A_PROXY, status=status), context()) is portal
