"""Names of rules, by the handles that the twin gave them."""

from __future__ import annotations

import pytest

from nimnetcheck.twin.answer import Firewall
from nimnetcheck.twin.load.loaded import POLICY, SOME, Written
from nimnetcheck.twin.packets.trace import Act, Event, Kind, Leg
from nimnetcheck.twin.ruleset.index import Index, comment

CHAIN = ("ip", "filter", "OUTPUT")
OLD = ("ip-legacy", "filter", "OUTPUT")


def written(number: int, *, loaded: bool = True, passed_over: bool = False) -> Written:
    return Written(
        firewall=Firewall.IPTABLES_NFT,
        number=number,
        text=f"rule {number}",
        file="f",
        line=number + 10,
        loaded=loaded,
        passed_over=passed_over,
    )


def at(handle: int | None, family: str = "ip") -> Event:
    kind = Kind.POLICY if handle is None else Kind.RULE
    return Event(1, Leg.REQUEST, family, "filter", "OUTPUT", kind, Act.DROP, handle)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('ip daddr 192.0.2.1 drop comment "no way"', "no way"),
        ('-A OUTPUT -m comment --comment "no \\"way\\"" -j DROP', 'no "way"'),
        ("-A OUTPUT -m comment --comment corp-egress -j DROP", "corp-egress"),
        ("drop", ""),
    ],
)
def test_the_comment_of_a_rule(text: str, found: str) -> None:
    assert comment(text) == found


def test_the_nth_handle_is_the_nth_rule_that_was_loaded() -> None:
    index = Index({CHAIN: [written(POLICY), written(1), written(2, loaded=False), written(3)]}, {CHAIN: [41, 45]})
    assert [index.name(at(handle)).number for handle in (41, 45)] == [1, 3]
    assert (index.name(at(45)).text, index.name(at(45)).line, index.name(at(45)).twin_handle) == ("rule 3", 13, 45)


def test_the_old_iptables_numbers_its_rules() -> None:
    index = Index({OLD: [written(1, loaded=False), written(2)], CHAIN: [written(1)]}, {CHAIN: [7]})
    found = index.name(at(1, "ip-legacy"))
    assert (found.number, found.family) == (2, "ip")


def test_a_policy_has_no_number_but_words_and_a_line() -> None:
    found = Index({CHAIN: [written(POLICY), written(1)]}, {CHAIN: [7]}).name(at(None))
    assert (found.number, found.text, found.line) == (None, "rule 0", 10)


def test_a_rule_that_is_in_no_text_is_no_policy() -> None:
    assert Index({}, {}).name(at(9)).number == SOME
    assert Index({}, {}).name(at(None)).number is None


def test_a_missing_rule_before_the_place_that_was_reached_is_doubt() -> None:
    rules = [written(1), written(2, loaded=False), written(3)]
    index = Index({CHAIN: rules}, {CHAIN: [41, 43]})
    assert "rule 2 of ip filter OUTPUT" in index.doubt([at(43)])
    assert "rule 2" in index.doubt([at(None)])
    assert index.doubt([at(41)]) == ""


def test_a_rule_for_another_user_is_not_missing() -> None:
    rules = [written(1, loaded=False, passed_over=True), written(2)]
    assert Index({CHAIN: rules}, {CHAIN: [41]}).doubt([at(41), at(None)]) == ""
