"""What is in the twin beside what was captured."""

from __future__ import annotations

from nimnetcheck.twin.answer import Firewall
from nimnetcheck.twin.load.loaded import POLICY, Written
from nimnetcheck.twin.ruleset.compare import differences

CHAIN = ("inet", "t", "c")


def rules(*numbers: int, refused: int = 0) -> tuple[Written, ...]:
    return tuple(
        Written(firewall=Firewall.NFTABLES, number=n, text="", file="", line=n, loaded=n != refused) for n in numbers
    )


def test_as_many_rules_as_were_loaded_are_no_difference() -> None:
    assert list(differences({CHAIN: rules(POLICY, 1, 2)}, {CHAIN: (7, 9)})) == []
    assert list(differences({CHAIN: rules(1, 2, 3, refused=2)}, {CHAIN: (7, 9)})) == []
    assert list(differences({CHAIN: rules(POLICY)}, {})) == []


def test_a_table_that_vanished_is_one_and_so_is_a_rule_too_many() -> None:
    assert list(differences({CHAIN: rules(1, 2)}, {})) == ["inet t c has 0 rules in the twin, and 2 in the capture"]
    assert len(list(differences({CHAIN: rules(1)}, {CHAIN: (7, 9)}))) == 1
