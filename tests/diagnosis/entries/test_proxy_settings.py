"""Settings that cannot work or contradict each other, and a proxy that nobody told the product about."""

from __future__ import annotations

import pytest

from nimnetcheck.model import Failure, Rung
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code

F = Failure


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (F.PROXY_BAD_URL, "proxy.bad-url"),
        (F.PROXY_CONFIG_DRIFT, "proxy.config-drift"),
        (F.PROXY_NO_PROXY_SURPRISE, "proxy.no-proxy-surprise"),
    ],
)
def test_a_failure_alone_has_its_plain_meaning(failure: Failure, expected: str) -> None:
    assert code(seen("host", None, failure, Rung.HOST)) == expected


@pytest.mark.parametrize("failure", [F.TCP_TIMEOUT, F.TCP_REFUSED, F.ADMIN_PROHIBITED, F.HOST_UNREACHABLE])
def test_a_way_out_that_is_not_used(failure: Failure) -> None:
    direct = seen("usage", "3.135.72.139", failure)
    assert code(direct, seen("usage", None, None, Rung.PROXY, changed="way")) == "proxy.required"
    assert code(direct, seen("usage", None, F.PROXY_DENIED, Rung.PROXY, changed="way")) != "proxy.required"
