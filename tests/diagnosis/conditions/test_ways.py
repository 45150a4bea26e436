"""What closer looks at a way say, and of whom."""

from __future__ import annotations

import pytest

from nimnetcheck.diagnosis import diagnose, judge
from nimnetcheck.diagnosis.conditions import ways
from nimnetcheck.model import Failure, Outcome, Rung
from tests.diagnosis.conditions.looked import AT6, again, context, local, silent, sized, walked
from tests.diagnosis.seen import seen


def test_a_walk_is_told_in_words() -> None:
    one = silent()
    assert str(ways.walk(one, context(one, walked("silent", 2)))) == (
        "packets to port 443 are lost after 10.20.0.1 (hop 1)"
    )
    assert str(ways.walk(one, context(one, walked("silent", 1)))) == (
        "packets to port 443 are lost before the first router"
    )
    assert str(ways.walk(one, context(one, walked("refused", 3)))) == "packets to port 443 are refused at hop 3"
    assert ways.walk(one, context(one)) is None


def test_one_that_was_looked_at_speaks_for_all_that_failed_alike_and_for_no_other() -> None:
    looked_at, alike = silent(), silent("3.133.232.50")
    other, sixth = seen("usage", "3.133.232.51", Failure.TCP_REFUSED), silent(AT6)
    around = context(looked_at, alike, other, sixth, walked("silent", 2), local(route={"type": "unicast"}))
    for one in (looked_at, alike):
        assert ways.walk(one, around) is not None
        assert ways.evidence(one, around, "local")["route"] == {"type": "unicast"}
    for one in (other, sixth):
        assert ways.walk(one, around) is None
        assert ways.evidence(one, around, "local") == {}


def test_a_walk_is_compared_with_those_that_differ_in_one_thing() -> None:
    one = silent()
    around = context(one, walked("silent", 2), walked("refused", 3, "port"), walked("silent", 2, "host", "198.41.0.4"))
    assert [found.ended for found in ways.others(one, around)] == ["refused", "silent"]
    assert ways.lost(one, around).split("; ") == [
        "packets to port 443 are lost after 10.20.0.1 (hop 1)",
        "to the same host, packets to port 80 are refused at hop 3",
        "to somebody else (198.41.0.4), packets to port 443 are lost after 10.20.0.1 (hop 1)",
    ]
    assert ways.lost(one, context(one)) == ""


def test_the_walk_that_settles_it_is_told_and_so_is_that_nobody_else_was_asked() -> None:
    one, plain, port = silent(), walked("silent", 2), walked("silent", 2, "port")
    last = walked("refused", 3, "host and port")
    told = ways.lost(one, context(one, plain, port, walked("silent", 2, "host", "198.41.0.4"), last))
    assert told.endswith("; to them, packets to port 53 are refused at hop 3")
    unasked = "nobody else was asked, so whether anything gets out is not known"
    assert ways.lost(one, context(one, plain, port)).endswith(unasked)
    assert unasked not in ways.lost(one, context(one, plain, walked("refused", 3, "port")))
    assert unasked not in told


def test_repetitions_and_sizes_are_found() -> None:
    one = seen("usage", "3.135.72.139", Failure.TLS_TIMEOUT, Rung.TLS)
    around = context(one, again("+-", "+"), sized(None, 1000), sized(Failure.TLS_TIMEOUT, 500))
    assert ways.times(one, around) == (["connected", "silent"], ["connected"])
    assert ways.sizes(one, around) == {1000: Outcome.PASSED, 500: Outcome.FAILED}
    assert ways.times(one, context(one)) == ([], [])


def test_another_address_that_took_a_connection_is_noticed() -> None:
    one, good = silent(), seen("usage", "3.133.232.50")
    assert ways.reached(one, context(one, good))
    assert not ways.reached(one, context(one, silent("3.133.232.50")))
    assert ways.reached(silent(AT6), context(silent(AT6), good), version=4)
    assert not ways.reached(silent(AT6), context(silent(AT6), good))


@pytest.mark.parametrize("junk", [None, 3, "x", [], [3], [{}], {}, {"count": "many", "max": []}])
@pytest.mark.parametrize(
    "failure", [Failure.TCP_TIMEOUT, Failure.TCP_REFUSED, Failure.NO_ROUTE, Failure.UPLOAD_STALLED]
)
def test_a_saved_report_may_hold_anything(junk: object, failure: Failure) -> None:
    keys = [
        "icmp",
        "hops",
        "port",
        "passed_on",
        "ended",
        "ended_at",
        "at_once",
        "spaced",
        "segment",
        "route",
        "link",
        "links",
        "neighbour",
        "conntrack",
        "retransmits",
        "resent",
        "unacked",
        "bytes_received",
        "errno",
        "acked",
        "small",
    ]
    everything = dict.fromkeys(keys, junk)
    changes = ("hops", "port", "host", "local", "times", "segment", "amount")
    controls = [seen("usage", "3.135.72.139", changed=changed, evidence=everything) for changed in changes]
    one = seen("usage", "3.135.72.139", failure, evidence=everything)
    observations = (one, *controls)
    assert diagnose(observations, judge(observations))


def test_the_way_of_a_hello_is_named_by_the_plain_walk() -> None:
    failed = silent()
    lost, plain = walked("silent", 2, "hello hops"), walked("connected", 4)
    assert ways.hello(failed, context(failed, lost, plain)) == (
        "the ClientHello is lost after 10.20.0.1 (hop 1); packets to port 443 are connected at hop 4"
    )
    assert ways.hello(failed, context(failed, walked("refused", 2, "hello hops"))) == (
        "the ClientHello gets a RST at hop 2"
    )
    assert ways.hello(failed, context(failed, plain)) == ""
