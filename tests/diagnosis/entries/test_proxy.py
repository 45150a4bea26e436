"""What the proxy refuses, what it cannot reach, and what is no proxy are told apart."""

from __future__ import annotations

import pytest

from nimnetcheck.model import Failure, Rung
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code


@pytest.mark.parametrize(
    ("failure", "rung", "expected"),
    [
        (Failure.PROXY_AUTH_REQUIRED, Rung.PROXY, "proxy.auth-required"),
        (Failure.PROXY_DENIED, Rung.PROXY, "proxy.denied-host"),
        (Failure.PROXY_UPSTREAM_FAILED, Rung.PROXY, "proxy.upstream"),
        (Failure.PROXY_NOT_A_PROXY, Rung.PROXY, "proxy.not-a-proxy"),
    ],
)
def test_a_failure_alone_has_its_plain_meaning(failure: Failure, rung: Rung, expected: str) -> None:
    assert code(seen("usage", "192.0.2.1", failure, rung)) == expected
