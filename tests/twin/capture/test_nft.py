"""nft's text: hostile statements are refused, and tables that iptables-nft keeps are not loaded from it."""

from __future__ import annotations

import pytest

from nimnetcheck.twin.capture.nft import divide
from nimnetcheck.twin.capture.value import Source

LISTED = """\
table inet site { # handle 1
	set bad {
		type ipv4_addr
		elements = { 192.0.2.1 comment "a { brace" }
	}

	chain out { # handle 1
		type filter hook output priority filter; policy accept;
		ip daddr @bad drop comment "table ip filter { include" # handle 4
	}
}
table ip filter { # handle 2
	chain OUTPUT { # handle 1
		type filter hook output priority filter; policy accept;
		xt match set counter drop # handle 4
	}
}
table ip nat { # handle 3
	chain OUTPUT { # handle 1
		type nat hook output priority -100; policy accept;
	}
}
"""


def source(text: str) -> Source:
    return Source(file="rules.nft", text=text)


def test_tables_of_a_save_are_set_apart_with_every_line_in_its_place() -> None:
    ruleset = divide(source(LISTED), {("ip", "filter")})
    lines = LISTED.split("\n")
    assert ruleset.native.text.split("\n") == [*lines[:11], *[""] * 6, *lines[17:]]
    assert ruleset.shadow.text.split("\n") == [*[""] * 11, *lines[11:17], *[""] * 6]
    assert ruleset.unread == ()


def test_a_table_of_iptables_without_its_save_is_missing_and_says_which_save_helps() -> None:
    ruleset = divide(source(LISTED), ())
    assert "xt match" not in ruleset.native.text
    assert "table ip nat" in ruleset.native.text
    (unread,) = ruleset.unread
    assert unread.part == "table ip filter"
    assert unread.because == (
        "rules.nft:15: kept by iptables-nft, and nft cannot print it whole: iptables-nft-save is needed too"
    )


@pytest.mark.parametrize("rule", ["ct status dnat counter drop", " counter drop", "tcp dport 443  counter drop"])
def test_what_nft_loses_of_a_rule_of_iptables_is_noticed_without_a_mark(rule: str) -> None:
    text = "table ip filter {\n\tchain %s {\n\t\t%s\n\t}\n}\n"
    assert divide(source(text % ("OUTPUT", rule))).unread
    assert not divide(source(text % ("OUTPUT", "ct state new counter drop"))).unread
    assert not divide(source(text % ("output", rule))).unread


def test_a_native_table_with_a_name_of_iptables_is_loaded_as_it_is() -> None:
    text = "table ip6 filter {\n\tchain output {\n\t\ttype filter hook output priority 0;\n\t}\n}\n"
    assert divide(source(text), {("ip", "filter")}).native.text == text


def test_a_table_of_another_family_is_never_iptables() -> None:
    text = "table inet filter {\n\tchain o {\n\t}\n}\n"
    assert divide(source(text), {("ip", "filter"), ("ip6", "filter")}).native.text == text


@pytest.mark.parametrize(
    ("flags", "kept"),
    [
        ("\tflags owner", "\t"),
        ("\tflags owner,persist", "\t"),
        ("\tflags owner;", "\t"),
        ("\tflags dormant,owner", "\tflags dormant"),
        ("\tflags dormant", "\tflags dormant"),
        ('\tcomment "flags owner"', '\tcomment "flags owner"'),
    ],
)
def test_a_table_with_an_owner_gets_none_and_does_not_vanish(flags: str, kept: str) -> None:
    assert divide(source(f"table inet t {{\n{flags}\n}}\n")).native.text == f"table inet t {{\n{kept}\n}}\n"


def test_what_a_comment_hides_of_a_rule_is_uncovered_for_the_tool_to_refuse() -> None:
    text = "table inet t {\n chain o {\n  tcp dport 80 # xt_owner counter drop # handle 3\n }\n}\n"
    assert "tcp dport 80 xt_owner counter drop # handle 3" in divide(source(text)).native.text


@pytest.mark.parametrize("rule", ['drop comment "# xt_owner"', "drop # handle 3", "drop # see xt_owner"])
def test_other_comments_stay(rule: str) -> None:
    text = f"table inet t {{\n chain o {{\n  {rule}\n }}\n}}\n"
    assert divide(source(text)).native.text == text


@pytest.mark.parametrize(
    ("rule", "is_strange"),
    [
        ("ip daddr { 192.0.2.1, 192.0.2.2 } drop", True),
        ("ip daddr != @ours counter drop", True),
        ("tcp dport vmap { 443 : drop }", True),
        ("tcp dport { 80, 443 } drop", True),
        ("tcp dport { 80, 443 } counter drop", False),
        ("ip daddr 192.0.2.1 drop", False),
        ('ip daddr 192.0.2.1 counter drop comment "@ours { x }"', False),
        ("xt match set counter drop", False),
    ],
)
def test_a_rule_that_nft_put_between_those_of_iptables_is_not_taken_from_the_save(rule: str, is_strange: bool) -> None:  # noqa: FBT001 (a case)
    text = f"table ip filter {{ # handle 1\n\tchain OUTPUT {{ # handle 1\n\t\t{rule} # handle 4\n\t}}\n}}\n"
    unread = divide(source(text), {("ip", "filter")}).unread
    assert [one.because for one in unread] == (
        ["rules.nft:3: put into a table of iptables by nft, and iptables-save says something else of it"]
        if is_strange
        else []
    )
