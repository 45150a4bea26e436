"""What silence says, each meaning beside its look-alike."""

from __future__ import annotations

import pytest

from nimnetcheck.diagnosis.conditions import silence
from nimnetcheck.model import Failure
from tests.diagnosis.conditions.looked import AT, AT6, again, context, silent, walked
from tests.diagnosis.seen import seen


@pytest.mark.parametrize(
    ("at_once", "spaced", "rationed", "lossy"),
    [
        ("+++-----", "++++", True, False),
        ("--------", "++++", True, False),
        ("+-++--+-", "++++", False, True),  # the first get through by chance only
        ("+-++--+-", "+-++", False, True),
        ("--------", "--", False, False),
        ("++++++++", "++++", False, False),
        ("++++++++", "+++-", False, True),
    ],
)
def test_rationing_takes_the_last_and_loss_any(at_once: str, spaced: str, *, rationed: bool, lossy: bool) -> None:
    one = silent()
    around = context(one, again(at_once, spaced))
    assert silence.rationed(one, around) is rationed
    assert silence.lossy(one, around) is lossy


def test_the_odds_are_told() -> None:
    one = silent()
    assert silence.odds(one, context(one, again("+-", "+"))) == (
        "1 of 2 connections made at once came up, 1 of 1 made with pauses"
    )
    assert silence.odds(one, context(one)) == ""


def test_nothing_gets_out_only_if_somebody_else_is_lost_at_the_same_place() -> None:
    one, last = silent(), walked("silent", 2, "host and port")
    plain, port, host = walked("silent", 2), walked("silent", 2, "port"), walked("silent", 2, "host")
    assert silence.no_egress(one, context(one, plain, port, host, last))
    assert not silence.no_egress(one, context(one, plain, port, walked("silent", 3, "host"), last))
    assert not silence.no_egress(one, context(one, plain, port, walked("refused", 3, "host"), last))
    assert not silence.no_egress(one, context(one, plain, walked("refused", 3, "port"), host, last))
    assert not silence.no_egress(one, context(one, plain, port))  # nobody else was asked


def test_two_ports_that_nobody_is_let_out_to_are_not_everything() -> None:
    one, both = silent(), (walked("silent", 2), walked("silent", 2, "port"), walked("silent", 2, "host"))
    for ended, at in (("connected", 4), ("refused", 4), ("silent", 3)):
        assert not silence.no_egress(one, context(one, *both, walked(ended, at, "host and port")))
    assert not silence.no_egress(one, context(one, *both))  # the run had no time for it


def test_packets_are_at_the_far_end_where_another_port_answers_at_the_next_hop() -> None:
    one = silent()
    assert silence.at_the_far_end(one, context(one, walked("silent", 3), walked("refused", 3, "port")))
    assert not silence.at_the_far_end(one, context(one, walked("silent", 2), walked("refused", 3, "port")))
    assert not silence.at_the_far_end(one, context(one, walked("silent", 3), walked("silent", 3, "port")))


def test_a_refusal_on_the_way_comes_from_a_hop_that_passes_others_on() -> None:
    one = seen("usage", AT, Failure.TCP_REFUSED)
    assert silence.refused_on_the_way(one, context(one, walked("refused", 2), walked("silent", 4, "port")))
    assert silence.refused_on_the_way(one, context(one, walked("refused", 2), walked("refused", 3, "port")))
    assert not silence.refused_on_the_way(one, context(one, walked("refused", 3), walked("refused", 3, "port")))
    assert not silence.refused_on_the_way(one, context(one, walked("refused", 3), walked("silent", 2, "port")))
    assert not silence.refused_on_the_way(one, context(one))


def test_ipv6_alone_is_broken_where_ipv4_connects() -> None:
    sixth, fourth = silent(AT6), seen("usage", AT)
    assert silence.only_ipv6(sixth, context(sixth, fourth))
    assert not silence.only_ipv6(sixth, context(sixth, silent()))
    assert not silence.only_ipv6(silent(), context(silent(), seen("usage", AT6)))


def test_some_addresses_are_blocked_of_a_name_and_never_of_a_range() -> None:
    one, good = silent(), seen("usage", "3.133.232.50")
    assert silence.some_addresses(one, context(one, good))
    assert not silence.some_addresses(one, context(one, silent("3.133.232.50")))
    ranged = seen("range", "159.60.126.1", Failure.TCP_TIMEOUT, named=False)
    assert not silence.some_addresses(ranged, context(ranged, seen("range", "159.60.126.2", named=False)))
