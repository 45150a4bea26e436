"""Each way in which a handshake ends has its own meaning."""

from __future__ import annotations

import pytest

from nimnetcheck.model import Failure, Observation, Rung
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code

F = Failure


def shaken(failure: Failure | None = None, changed: str = "", **evidence: object) -> Observation:
    return seen("usage", "3.135.72.139", failure, Rung.TLS, changed=changed, evidence=evidence)


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (F.TLS_TIMEOUT, "tls.stalled"),
        (F.TLS_NOT_TLS, "tls.not-tls"),
        (F.TLS_ALERT, "tls.alert"),
        (F.TLS_RESET, "tls.reset"),
        (F.TLS_CLOSED, "tls.eof"),
        (F.TLS_VERSION, "tls.version"),
        (F.TLS_MALFORMED, "tls.malformed"),
        (F.TLS_LOCAL_POLICY, "tls.local-policy"),
    ],
)
def test_a_failure_alone_has_its_plain_meaning(failure: Failure, expected: str) -> None:
    assert code(shaken(failure)) == expected


@pytest.mark.parametrize(
    ("failure", "by_name", "whatever"),
    [
        (F.TLS_TIMEOUT, "sni.drop", "tls.stalled"),
        (F.TLS_RESET, "sni.reset", "tls.rst-any-sni"),
        (F.TLS_CLOSED, "sni.close", "tls.eof"),
    ],
)
def test_a_filter_by_name_is_told_from_one_that_takes_all(failure: Failure, by_name: str, whatever: str) -> None:
    assert code(shaken(failure), shaken(changed="server-name")) == by_name
    assert code(shaken(failure), shaken(failure, "server-name")) == whatever


@pytest.mark.parametrize("failure", [F.TLS_TIMEOUT, F.TLS_RESET, F.TLS_CLOSED])
def test_a_long_hello_that_is_lost_is_one_cause_whoever_sent_it(failure: Failure) -> None:
    assert code(shaken(), shaken(failure, "hello", unchanged="passed")) == "tls.pq-hello-split"
    assert code(shaken(failure), shaken(changed="hello", unchanged=str(failure))) == "tls.pq-hello-split"
    assert code(shaken(), shaken(changed="hello")) is None
    assert code(shaken(failure), shaken(failure, "hello")) != "tls.pq-hello-split"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (40, "tls.cipher-or-curve"),
        (49, "tls.access-denied"),
        (70, "tls.version"),
        (71, "tls.cipher-or-curve"),
        (80, "tls.alert"),
        (112, "tls.unrecognized-name"),
    ],
)
def test_alerts_by_number(number: int, expected: str) -> None:
    assert code(shaken(F.TLS_ALERT, alert={"number": number})) == expected
