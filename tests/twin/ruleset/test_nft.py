"""nft's text, cut into statements with their chains and lines."""

from __future__ import annotations

from nimnetcheck.twin.capture.value import Source
from nimnetcheck.twin.ruleset.nft import Statement, statements

LISTED = """\
table inet filter { # handle 1
    set bad { # handle 3
        type ipv4_addr
        elements = { 192.0.2.4,
                 192.0.2.5 }
    }
    chain output { # handle 2
        type filter hook output priority filter; policy drop;
        ip daddr 192.0.2.4 drop comment "a # b { c" # handle 12
        tcp dport vmap { 443 : accept,
           80 : drop } # handle 13
    }
}
"""
SCRIPT = """\
add rule inet filter output ip daddr { 192.0.2.1,
192.0.2.2 } drop; add chain ip x y { type filter hook output priority 0; }
insert rule x y \\
 accept
table ip6 x { chain y { tcp dport 3 accept; drop } } # end
"""


def rules(text: str) -> list[tuple[object, str, int, int | None]]:
    return [
        (statement.as_rule[0], statement.as_rule[1], statement.first, statement.handle)
        for statement in cut(text)
        if statement.as_rule
    ]


def cut(text: str) -> list[Statement]:
    return list(statements(Source(file="x", text=text)))


def test_a_listing_gives_rules_with_line_and_handle() -> None:
    chain = ("inet", "filter", "output")
    assert rules(LISTED) == [
        (chain, 'ip daddr 192.0.2.4 drop comment "a # b { c"', 9, 12),
        (chain, "tcp dport vmap { 443 : accept,            80 : drop }", 10, 13),
    ]


def test_a_script_gives_rules_too() -> None:
    found = rules(SCRIPT)
    assert [(chain, line) for chain, _, line, _ in found] == [
        (("inet", "filter", "output"), 1),
        (("ip", "x", "y"), 3),
        (("ip6", "x", "y"), 5),
        (("ip6", "x", "y"), 5),
    ]
    assert [text for _, text, _, _ in found][2:] == ["tcp dport 3 accept", "drop"]


def test_an_inserted_rule_goes_before_the_others() -> None:
    assert [s.as_rule[2] for s in cut(SCRIPT) if s.as_rule] == [False, True, False, False]


def test_properties_of_chains_and_sets_are_no_rules() -> None:
    others = [statement.text for statement in cut(LISTED) if not statement.chain]
    assert "policy drop" in others
    assert "type ipv4_addr" in others
    assert [text for text in others if text.endswith("{")] == ["table inet filter {", "set bad {", "chain output {"]


def test_unbalanced_text_ends_all_the_same() -> None:
    assert cut('table inet x { chain y { "') != []
    assert cut("} } }") == []
