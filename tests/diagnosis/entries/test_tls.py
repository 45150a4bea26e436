"""Each way in which a handshake ends has its own meaning."""

from __future__ import annotations

import pytest

from nimnetcheck.model import Failure, Rung
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code


@pytest.mark.parametrize(
    ("failure", "rung", "expected"),
    [
        (Failure.TLS_TIMEOUT, Rung.TLS, "tls.stalled"),
        (Failure.TLS_UNTRUSTED, Rung.TLS, "tls.intercepted-untrusted"),
        (Failure.TLS_EXPIRED, Rung.TLS, "tls.expired"),
        (Failure.TLS_NOT_YET_VALID, Rung.TLS, "tls.not-yet-valid"),
        (Failure.TLS_WRONG_HOST, Rung.TLS, "tls.wrong-host"),
        (Failure.TLS_NOT_TLS, Rung.TLS, "tls.not-tls"),
        (Failure.TLS_ALERT, Rung.TLS, "tls.alert"),
        (Failure.TLS_RESET, Rung.TLS, "tls.reset"),
        (Failure.TLS_CLOSED, Rung.TLS, "tls.eof"),
    ],
)
def test_a_failure_alone_has_its_plain_meaning(failure: Failure, rung: Rung, expected: str) -> None:
    assert code(seen("usage", "192.0.2.1", failure, rung)) == expected
