"""What is in the twin beside what was captured."""

from __future__ import annotations

import pytest

from nimnetcheck.twin.answer import Firewall
from nimnetcheck.twin.load.loaded import IPSET, POLICY, Loaded, Written
from nimnetcheck.twin.ruleset.compare import added, differences
from nimnetcheck.twin.there import There

CHAIN = ("inet", "t", "c")
OLD = ("ip-legacy", "filter", "OUTPUT")
SET = ("inet", "t", "s")
IP_SET = (IPSET, "", "bad")
HERE = {CHAIN: ""}


def rules(*numbers: int, refused: int = 0, policy: str = "") -> Loaded:
    written = tuple(
        Written(firewall=Firewall.NFTABLES, number=n, text=policy, file="", line=n, loaded=n != refused)
        for n in numbers
    )
    return Loaded(chains={CHAIN: written})


def test_as_many_rules_as_were_loaded_are_no_difference() -> None:
    assert list(differences(rules(POLICY, 1, 2), There(handles={CHAIN: [7, 9]}, policies=HERE))) == []
    assert list(differences(rules(1, 2, 3, refused=2), There(handles={CHAIN: [7, 9]}, policies=HERE))) == []
    assert list(differences(rules(POLICY), There(policies=HERE))) == []


def test_a_table_that_vanished_is_one_and_so_is_a_rule_too_few_or_too_many() -> None:
    assert list(differences(rules(1, refused=1), There())) == ["inet t c is not in the twin, and in the capture"]
    short = differences(rules(1, 2), There(policies=HERE))
    assert list(short) == ["inet t c has 0 rules in the twin, and 2 in the capture"]
    assert len(list(differences(rules(1), There(handles={CHAIN: [7, 9]}, policies=HERE)))) == 1


@pytest.mark.parametrize("text", ["policy drop", ":drop DROP", "policy DROP"])
def test_another_policy_is_one(text: str) -> None:
    captured = rules(POLICY, policy=text)
    assert list(differences(captured, There(policies={CHAIN: "drop"}))) == []
    (said,) = differences(captured, There(policies={CHAIN: "accept"}))
    assert said == "inet t c has the policy accept in the twin, and drop in the capture"
    (said,) = differences(captured, There(policies=HERE))
    assert "policy none" in said


def test_a_set_that_lost_an_element_is_one_and_a_set_that_learnt_some_is_none() -> None:
    captured = Loaded(sets={SET: 2, IP_SET: 1})
    assert list(differences(captured, There(sizes={SET: 3, IP_SET: 1}))) == []
    assert list(differences(captured, There(sizes={SET: 1}))) == [
        "inet t s has 1 elements in the twin, and 2 in the capture",
        "set bad has 0 elements in the twin, and 1 in the capture",
    ]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (["a", "b", "b"], {}),
        (["new", "a", "b", "b"], {1: "new"}),
        (["a", "new", "b", "b", "more"], {2: "new", 5: "more"}),
    ],
)
def test_rules_put_between_others_are_found_by_number(now: list[str], expected: dict[int, str]) -> None:
    assert added({OLD: ["a", "b", "b"]}, {OLD: now}) == ({OLD: expected} if expected else {})
