"""What broke alike is one trouble, and what broke otherwise is another."""

from __future__ import annotations

from ipaddress import ip_network

import attrs

from nimnetcheck.model import Failure, Rung
from nimnetcheck.report.troubles import troubles
from tests.report.seen import HOST, climbed, report, saw

TCP = Rung.TCP


def test_addresses_of_a_range_that_broke_alike_are_one_with_their_prefix() -> None:
    blocked = ip_network("159.60.126.64/26")
    seen = [saw(TCP, Failure.ADMIN_PROHIBITED, address=str(a), host=None, subject="range") for a in blocked]
    (trouble,) = troubles(report(seen))
    assert (trouble.destination, trouble.name, len(trouble.all)) == ("159.60.126.64/26", "159.60.126.64/26", 64)


def test_each_address_of_a_name_is_one_of_its_own_and_called_by_the_name() -> None:
    seen = [saw(TCP, Failure.TCP_TIMEOUT, address=f"192.0.2.{n}") for n in (1, 2)]
    assert [(each.destination, each.name) for each in troubles(report(seen))] == [
        ("192.0.2.1", HOST),
        ("192.0.2.2", HOST),
    ]


def test_what_broke_otherwise_is_another() -> None:
    seen = [
        saw(TCP, Failure.TCP_TIMEOUT, address="192.0.2.1", host=None),
        saw(TCP, Failure.TCP_RESET, address="192.0.2.2", host=None),
    ]
    assert len(troubles(report(seen))) == 2


def test_a_look_up_is_called_by_its_question() -> None:
    (trouble,) = troubles(report([saw(Rung.DNS, Failure.DNS_NXDOMAIN, address=None)]))
    assert (trouble.destination, trouble.name) == ("", f"DNS {HOST}")


def test_controls_and_what_counts_for_nothing_are_no_trouble() -> None:
    control = saw(TCP, Failure.TCP_RESET, control=True)
    silent = saw(TCP, Failure.TCP_TIMEOUT, address="159.60.126.1", host=None, subject="range")
    proven = [saw(rung, address="159.60.126.2", host=None, subject="range") for rung in (TCP, Rung.TLS)]
    assert troubles(report([control, *climbed(TCP, Rung.TLS, Rung.HTTP), silent, *proven])) == ()


def test_flows_that_one_rule_stops_are_one_trouble_of_their_endpoint() -> None:
    dropped = [
        attrs.evolve(
            saw(Rung.PATH, Failure.BLOCKED_LOCALLY, address=None, evidence={"kernel": "drop"}), title=f"tcp:{n}"
        )
        for n in range(3)
    ]
    (trouble,) = troubles(report(dropped))
    assert (trouble.name, len(trouble.all)) == ("usage", 3)


def test_what_could_not_be_judged_is_no_trouble() -> None:
    assert troubles(report([saw(Rung.PATH, Failure.UNKNOWN, address=None)])) == ()
