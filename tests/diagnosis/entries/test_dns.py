"""Each way in which a name does not resolve has its own meaning."""

from __future__ import annotations

import pytest

from nimnetcheck.model import Failure, Observation, Rung
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code

HOST = "usage.example"


def asked(failure: Failure | None = None, changed: str = "", **evidence: object) -> Observation:
    known = {"name": HOST, "source": "dns", "type": "A", **evidence}
    return seen("usage", None, failure, Rung.DNS, changed=changed, evidence=known)


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (Failure.DNS_NXDOMAIN, "dns.nxdomain"),
        (Failure.DNS_NO_DATA, "dns.nodata"),
        (Failure.DNS_SERVFAIL, "dns.servfail"),
        (Failure.DNS_REFUSED, "dns.refused"),
        (Failure.DNS_TIMEOUT, "dns.filtered"),
        (Failure.DNS_MALFORMED, "dns.malformed"),
        (Failure.DNS_NO_RESOLVER, "dns.no-config"),
    ],
)
def test_a_failure_alone_has_its_plain_meaning(failure: Failure, expected: str) -> None:
    assert code(asked(failure)) == expected


@pytest.mark.parametrize(
    ("question", "others", "expected"),
    [
        (asked(Failure.DNS_SERVFAIL, rcode="NOTIMP"), (), "dns.notimp"),
        (asked(Failure.DNS_SERVFAIL, rcode="FORMERR"), (), "dns.formerr"),
        (asked(Failure.DNS_SERVFAIL), (asked(changed="validation", addresses=["3.3.3.3"]),), "dns.dnssec-bogus"),
        (asked(Failure.DNS_NXDOMAIN), (asked(changed="resolver", addresses=["3.3.3.3"]),), "dns.split-view"),
        (asked(Failure.DNS_TIMEOUT, errno=111), (), "dns.resolver-dead"),
        (asked(Failure.DNS_TIMEOUT, truncated=True), (), "dns.tcp53-blocked"),
        (asked(Failure.DNS_TIMEOUT), (asked(changed="transport"),), "dns.udp53-blocked"),
        (asked(Failure.DNS_TIMEOUT, type="AAAA"), (asked(addresses=["3.3.3.3"]),), "dns.aaaa-stall"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_controls_make_it_precise(question: Observation, others: tuple[Observation, ...], expected: str) -> None:
    assert code(question, *others) == expected
