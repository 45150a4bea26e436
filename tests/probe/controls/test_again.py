"""Which address is tried again and again; the laboratory loses and rations real packets."""

from __future__ import annotations

from ipaddress import ip_address

from nimnetcheck.model import Endpoint, Failure, Observation, Outcome, Rung, Target, World
from nimnetcheck.probe.attempt import Options, Setup
from nimnetcheck.probe.controls.again import plan, uneven


def tried(address: str, failure: Failure | None = None, retransmits: int = 0) -> Observation:
    return Observation(
        subject="usage",
        rung=Rung.TCP,
        title="TCP",
        outcome=Outcome.FAILED if failure else Outcome.PASSED,
        failure=failure,
        target=Target(address=ip_address(address), port=443),
        evidence={"retransmits": retransmits},
    )


GOOD, SLOW = tried("192.0.2.1"), tried("192.0.2.2", retransmits=1)
SILENT, REFUSED = tried("192.0.2.3", Failure.TCP_TIMEOUT, 3), tried("192.0.2.4", Failure.TCP_REFUSED)
PROHIBITED = tried("192.0.2.5", Failure.ADMIN_PROHIBITED)


def test_one_that_had_to_ask_twice_is_tried_first() -> None:
    assert uneven([GOOD, SILENT, SLOW]) == SLOW.target


def test_one_that_failed_is_tried_where_others_did_not() -> None:
    assert uneven([GOOD, SILENT]) == SILENT.target
    assert uneven([GOOD, REFUSED]) == REFUSED.target


def test_where_all_fare_alike_nothing_is_tried_again() -> None:
    assert uneven([GOOD]) is None
    assert uneven([SILENT, REFUSED]) is None
    assert uneven([GOOD, PROHIBITED]) is None  # an answer with a name needs no second


def test_families_are_looked_at_apart(endpoint: Endpoint) -> None:
    setup = Setup(world=World(), options=Options())
    assert list(plan(endpoint, [GOOD, tried("2001:db8::1", Failure.TCP_TIMEOUT)], setup)) == []
    assert len(list(plan(endpoint, [GOOD, SILENT], setup))) == 1
