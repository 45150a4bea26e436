"""The way to an endpoint, as the target that shows most of it shows it."""

from __future__ import annotations

import pytest

from nimnetcheck.model import Failure, Rung
from nimnetcheck.report.path_picture import pictures
from nimnetcheck.report.places import Place, State
from tests.report.seen import HOST, climbed, looked_up, report, saw

TCP, TLS, HTTP = Rung.TCP, Rung.TLS, Rung.HTTP


def test_the_address_that_fails_is_shown_and_the_others_counted() -> None:
    good = climbed(TCP, TLS, HTTP, address="3.133.232.50")
    (picture,) = pictures(report([looked_up("a", "b"), *good, *climbed(TCP, until=Failure.NO_ROUTE)]))
    assert picture.shown == "as seen to 3.135.72.139:443, one of 2 addresses"
    assert [(s.place, s.name) for s in picture.stations] == [
        (Place.HOST, "nim-01"),
        (Place.RESOLVER, "10.20.53.53"),
        (Place.LOCAL, ""),
        (Place.NETWORK, ""),
        (Place.VENDOR, HOST),
    ]
    assert picture.stations[2].words == "no route"


def test_where_everything_works_each_place_says_what_proves_it() -> None:
    (picture,) = pictures(report([looked_up("3.135.72.139"), *climbed(TCP, TLS), saw(HTTP, detail="401")]))
    assert {station.state for station in picture.stations} == {State.PROVEN}
    assert [station.words for station in picture.stations] == ["", "1 address", "TCP", "TLS", "HTTP 401"]


@pytest.mark.parametrize("failure", [Failure.NO_ROUTE, Failure.BLOCKED_LOCALLY])
def test_a_question_that_could_not_be_sent_ends_here_and_says_nothing_of_the_resolver(failure: Failure) -> None:
    (picture,) = pictures(report([saw(Rung.DNS, failure, address=None, evidence={"resolver": "10.20.53.53"})]))
    known = {station.place: (station.state, station.words) for station in picture.stations}
    assert known[Place.RESOLVER] == (State.UNREACHED, "")
    assert known[Place.LOCAL] == (State.ENDS, str(failure).replace("_", " "))
    assert "0 addresses" not in repr(picture)


def test_the_sender_of_an_icmp_message_is_named() -> None:
    broken = saw(TCP, Failure.ADMIN_PROHIBITED, evidence={"icmp": {"sender": "10.20.0.1"}})
    (picture,) = pictures(report([looked_up("3.135.72.139"), broken]))
    network = next(station for station in picture.stations if station.place is Place.NETWORK)
    assert (network.name, network.state) == ("10.20.0.1", State.ENDS)


def test_the_hops_of_a_walk_are_shown_but_not_those_of_its_control() -> None:
    hops = [
        {"limit": 1, "said": "passed on", "from": "10.20.0.1"},
        {"limit": 2, "said": "answered, unnamed", "from": None},
        {"limit": 3, "said": "silent", "from": None},
    ]
    other = saw(Rung.PATH, control=True, evidence={"changed": "port", "hops": hops[:1]})
    walk = saw(Rung.PATH, control=True, evidence={"changed": "hops", "hops": hops})
    (picture,) = pictures(report([looked_up("a"), saw(TCP, Failure.TCP_TIMEOUT), other, walk]))
    network = next(station for station in picture.stations if station.place is Place.NETWORK)
    assert network.hops == ("10.20.0.1", "answered, unnamed", "silent")


@pytest.mark.parametrize(("said", "state"), [("passed on", State.PROVEN), ("silent", State.SUSPECT)])
def test_a_router_that_spoke_shows_that_packets_leave_this_host(said: str, state: State) -> None:
    hops = [{"limit": 1, "said": said, "from": "10.20.0.1"}]
    walk = saw(Rung.PATH, control=True, evidence={"changed": "hops", "hops": hops})
    (picture,) = pictures(report([looked_up("a"), saw(TCP, Failure.TCP_TIMEOUT), walk]))
    known = {station.place: station.state for station in picture.stations}
    assert (known[Place.LOCAL], known[Place.NETWORK]) == (state, State.SUSPECT)


def test_the_rule_that_blocks_is_quoted_with_its_place() -> None:
    rule = {
        "firewall": "nftables",
        "family": "inet",
        "table": "filter",
        "chain": "output",
        "number": 3,
        "text": "tcp dport 443 drop",
    }
    dropped = saw(Rung.PATH, Failure.BLOCKED_LOCALLY, address=None, evidence={"kernel": "drop", "rule": rule})
    (picture,) = pictures(report([looked_up("a"), *climbed(TCP, until=Failure.TCP_TIMEOUT), dropped]))
    own = next(station for station in picture.stations if station.place is Place.LOCAL)
    assert own.rule == "# nftables inet filter output, rule 3\ntcp dport 443 drop"


def test_what_was_never_tried_and_what_is_no_endpoint_have_no_picture() -> None:
    host = saw(Rung.HOST, address=None, subject="host")
    assert pictures(report([host, saw(Rung.DNS, address=None, skipped=True)])) == ()


def test_the_picture_has_words_for_who_cannot_see_it() -> None:
    (picture,) = pictures(report(climbed(TCP, until=Failure.NO_ROUTE)))
    assert picture.words == (
        "this host nim-01: works, then own routes and firewall: ends here, then network: not reached, "
        f"then vendor {HOST}: not reached"
    )
