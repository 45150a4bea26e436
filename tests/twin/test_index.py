"""Names of rules: comments, and the rules of several texts together."""

from __future__ import annotations

import pytest

from nimnetcheck.twin.answer import Firewall
from nimnetcheck.twin.index import Written, comment, merged, named

CHAIN = ("ip", "filter", "OUTPUT")


def written(number: int, text: str = "drop") -> Written:
    return Written(
        firewall=Firewall.NFTABLES, number=number, text=text, file="f", line=number + 10, handle=number + 100
    )


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


def test_a_name_holds_both_handles() -> None:
    rule = named(CHAIN, written(3), twin_handle=7)
    assert (rule.family, rule.table, rule.chain, rule.number, rule.line) == ("ip", "filter", "OUTPUT", 3, 13)
    assert (rule.handle, rule.twin_handle) == (103, 7)


def test_rules_of_several_texts_stand_one_after_the_other() -> None:
    both = merged({CHAIN: [written(1)]}, {CHAIN: [written(2)], ("ip6", "a", "b"): [written(1)]})
    assert [rule.number for rule in both[CHAIN]] == [1, 2]
    assert len(both) == 2
