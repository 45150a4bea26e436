"""Each way in which a name does not resolve has its own meaning."""

from __future__ import annotations

import pytest

from nimnetcheck.model import Failure, Rung
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code


@pytest.mark.parametrize(
    ("failure", "rung", "expected"),
    [
        (Failure.DNS_NXDOMAIN, Rung.DNS, "dns.nxdomain"),
        (Failure.DNS_NO_DATA, Rung.DNS, "dns.nodata"),
        (Failure.DNS_SERVFAIL, Rung.DNS, "dns.servfail"),
        (Failure.DNS_REFUSED, Rung.DNS, "dns.refused"),
        (Failure.DNS_TIMEOUT, Rung.DNS, "dns.filtered"),
        (Failure.DNS_MALFORMED, Rung.DNS, "dns.malformed"),
        (Failure.DNS_NO_RESOLVER, Rung.DNS, "dns.no-config"),
    ],
)
def test_a_failure_alone_has_its_plain_meaning(failure: Failure, rung: Rung, expected: str) -> None:
    assert code(seen("usage", "192.0.2.1", failure, rung)) == expected
