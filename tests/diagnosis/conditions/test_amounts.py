"""What creeps, each meaning beside its look-alike; the laboratory has a firewall that polices."""

from __future__ import annotations

import pytest

from nimnetcheck.diagnosis.conditions import amounts
from nimnetcheck.model import Failure, Observation, Rung
from tests.diagnosis.conditions.looked import AT, AT6, context
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code

HUNG = seen("usage", AT, Failure.UPLOAD_STALLED, Rung.PATH, evidence={"unacked": 4})
CREPT = seen("usage", AT, None, Rung.PATH)
STEADY = [[0.3, 598], [1.0, 2046], [1.8, 4942], [2.7, 7838], [3.5, 10734], [4.5, 13630]]


def watched(**changed: object) -> Observation:
    evidence: dict[str, object] = {
        "acked": STEADY,
        "retransmits": 41,
        "first_rtt_ms": 0.5,
        "last_rtt_ms": 2.0,
        "small": ["connected"] * 8,
    }
    return seen("usage", AT, None, Rung.PATH, changed="amount", evidence={**evidence, **changed})


@pytest.mark.parametrize("one", [HUNG, CREPT])
def test_what_goes_on_little_by_little_is_throttled(one: Observation) -> None:
    assert amounts.throttled(one, context(one, watched()))
    assert code(one, watched()) == "path.throttled"


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"acked": STEADY[:1]}, id="nothing is acknowledged: too large"),
        pytest.param({"acked": [[0.2, 598], [0.3, 5000]]}, id="it stops: cut"),
        pytest.param({"retransmits": 0}, id="nothing is held back: a long way, or a server that reads slowly"),
        pytest.param({"small": ["connected", "silent"] * 4}, id="small packets are lost too: loss"),
        pytest.param({"acked": "?", "small": None, "retransmits": "?"}, id="junk"),
    ],
)
def test_what_looks_alike_is_not(changed: dict[str, object]) -> None:
    assert not amounts.throttled(HUNG, context(HUNG, watched(**changed)))


def test_a_queue_that_drains_slowly_drops_nothing_and_counts() -> None:
    queued = watched(retransmits=0, first_rtt_ms=20.0, last_rtt_ms=2600.0)
    assert amounts.throttled(HUNG, context(HUNG, queued))
    long_way = watched(retransmits=0, first_rtt_ms=600.0, last_rtt_ms=900.0)
    assert not amounts.throttled(HUNG, context(HUNG, long_way))


def test_what_passed_at_another_address_is_not_told_of() -> None:
    other = seen("usage", "3.133.232.50", None, Rung.PATH)
    assert not amounts.throttled(other, context(other, CREPT, watched()))
    hung_too = seen("usage", "3.133.232.50", Failure.UPLOAD_STALLED, Rung.PATH)
    assert amounts.throttled(hung_too, context(hung_too, HUNG, watched()))
    sixth = seen("usage", AT6, Failure.UPLOAD_STALLED, Rung.PATH)
    assert not amounts.throttled(sixth, context(sixth, HUNG, watched()))


def test_the_pace_is_told_with_what_it_means() -> None:
    assert amounts.pace(HUNG, context(HUNG, watched())) == (
        "some 3102 octets a second were acknowledged (41 segments sent again, round trip 0 ms at first and 2 ms at "
        "last, 8 of 8 new connections came up beside it); a report of 100 kB takes some 32 s"
    )
    assert not amounts.pace(HUNG, context(HUNG))
