"""Each answer of a proxy has its own meaning."""

from __future__ import annotations

import attrs
import pytest

from nimnetcheck.model import Failure, Observation, Outcome, Rung
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code

F = Failure
AT = "10.20.31.31"
LEAF = {"issuer": "O=Middle Box", "issued_by": "Middle Box", "self_issued": False, "logged": False}


def at_proxy(failure: Failure | None = None, changed: str = "", **evidence: object) -> Observation:
    return seen("usage", AT, failure, Rung.PROXY, changed=changed, evidence=evidence)


OPEN = at_proxy()
SKIPPED = attrs.evolve(OPEN, outcome=Outcome.SKIPPED)


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (F.PROXY_AUTH_REQUIRED, "proxy.auth-required"),
        (F.PROXY_DENIED, "proxy.denied-host"),
        (F.PROXY_NOT_A_PROXY, "proxy.not-a-proxy"),
        (F.PROXY_UPSTREAM_FAILED, "proxy.silent"),
        (F.TLS_UNTRUSTED, "proxy.own-cert-untrusted"),
        (F.TLS_WRONG_HOST, "proxy.own-cert-untrusted"),
    ],
)
def test_a_failure_alone_has_its_plain_meaning(failure: Failure, expected: str) -> None:
    assert code(at_proxy(failure)) == expected


@pytest.mark.parametrize(
    ("answer", "others", "expected"),
    [
        (at_proxy(F.PROXY_UPSTREAM_FAILED, status=502), (), "proxy.upstream"),
        (at_proxy(F.PROXY_UPSTREAM_FAILED, status=504), (), "proxy.upstream-timeout"),
        (at_proxy(F.PROXY_AUTH_REQUIRED, credentials_sent=True), (), "proxy.auth-wrong"),
        (at_proxy(F.PROXY_AUTH_REQUIRED, schemes=["ntlm"]), (), "proxy.auth-unsupported"),
        (at_proxy(F.PROXY_DENIED, status=403), (at_proxy(F.PROXY_DENIED, "host", status=403),), "proxy.denied-port"),
        (at_proxy(F.PROXY_NOT_A_PROXY, status=302), (), "proxy.portal"),
        (at_proxy(F.PROXY_NOT_A_PROXY), (at_proxy(changed="scheme"),), "proxy.scheme-wrong"),
        (at_proxy(F.TLS_NOT_TLS), (at_proxy(changed="scheme"),), "proxy.scheme-wrong"),
        (at_proxy(F.PROXY_NOT_A_PROXY), (at_proxy(changed="socks"),), "proxy.socks"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_evidence_and_controls_make_it_precise(
    answer: Observation, others: tuple[Observation, ...], expected: str
) -> None:
    assert code(answer, *others) == expected


def test_what_happens_to_the_proxy_is_not_blamed_on_the_vendor() -> None:
    assert code(seen("usage", AT, F.TCP_REFUSED), SKIPPED) == "proxy.refused"
    assert code(seen("usage", AT, F.TCP_TIMEOUT), SKIPPED) == "proxy.timeout"
    assert code(seen("usage", AT, F.TCP_REFUSED)) == "tcp.refused"
    name = seen("usage", None, F.DNS_NXDOMAIN, Rung.DNS, evidence={"name": "proxy.corp", "proxy": True})
    assert code(name) == "proxy.unresolvable"


def test_a_handshake_in_a_tunnel_is_the_proxy_s() -> None:
    reset = seen("usage", AT, F.TLS_RESET, Rung.TLS)
    assert code(reset, OPEN) == "proxy.tunnel-then-reset"
    assert code(reset, SKIPPED) == "tls.reset"


def test_inspection_in_a_tunnel_is_the_proxy_s_whether_it_is_trusted_or_not() -> None:
    untrusted = seen("usage", AT, F.TLS_UNTRUSTED, Rung.TLS, evidence={"verify_code": 19, "chain": [LEAF]})
    trusted = seen("usage", AT, None, Rung.TLS, evidence={"chain": [LEAF]})
    store = seen("usage", AT, F.TLS_UNTRUSTED, Rung.TLS, changed="store")
    assert code(untrusted, OPEN) == "proxy.inspects"
    assert code(untrusted) == "tls.intercepted-untrusted"
    assert code(trusted, OPEN, store) == "proxy.inspects"
    assert code(trusted, OPEN) is None
