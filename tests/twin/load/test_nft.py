"""nft's text is loaded whole or in pieces, and what this kernel does not take is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nimnetcheck.model import KernelVerdict

if TYPE_CHECKING:
    from tests.twin.conftest import Ask

pytestmark = pytest.mark.kernel
FLOW = "tcp:192.0.2.1:443"


def many(count: int, last: str) -> str:
    rules = "\n".join(
        f'  ip daddr 10.1.{i // 250}.{i % 250} tcp dport 443 counter accept comment "r {i}"' for i in range(count)
    )
    return (
        "table inet f {\n set s { type ipv4_addr; elements = { 192.0.2.1,\n 192.0.2.9 }; }\n chain c {\n"
        f"{rules}\n  {last}\n }}\n chain o {{ type filter hook output priority 0; policy accept; jump c; }}\n}}\n"
    )


def test_more_rules_than_one_message_holds_are_loaded_in_pieces(ask_nft: Ask) -> None:
    (judged,) = ask_nft(many(900, "ip daddr @s drop"), FLOW).judged
    assert judged.rule
    assert (judged.verdict, judged.rule.number, judged.rule.line) == (KernelVerdict.DROP, 901, 905)


@pytest.mark.parametrize("count", [3, 900])
def test_a_statement_that_is_not_taken_is_left_out_by_name(ask_nft: Ask, count: int) -> None:
    answer = ask_nft(many(count, "no such words\n  ip daddr @s drop"), FLOW)
    (left_out,) = answer.left_out
    assert (left_out.what, left_out.line, left_out.file) == ("no such words", count + 5, "rules.nft")
    (judged,) = answer.judged
    assert judged.verdict is KernelVerdict.NOT_JUDGED
    assert "rule" in judged.because
    assert "no such words" in judged.because
    assert judged.rule
    assert (judged.rule.number, judged.rule.line) == (count + 2, count + 6), "numbers are those of the captured text"


def test_a_missing_rule_behind_the_one_that_decides_changes_nothing(ask_nft: Ask) -> None:
    (judged,) = ask_nft(many(3, "ip daddr @s drop\n  no such words"), FLOW).judged
    assert judged.verdict is KernelVerdict.DROP


def test_a_missing_rule_in_a_chain_that_is_not_passed_changes_nothing(ask_nft: Ask) -> None:
    rules = many(3, "accept").replace(" chain o", " chain other {\n  no such words\n }\n chain o")
    answer = ask_nft(rules, FLOW)
    assert len(answer.left_out) == 1
    assert answer.judged[0].verdict is KernelVerdict.ACCEPT


def test_a_set_that_is_not_taken_takes_its_rules_with_it(ask_nft: Ask) -> None:
    answer = ask_nft(many(3, "ip daddr @s drop").replace("192.0.2.9 }", "no-such-address }"), FLOW)
    assert [one.what for one in answer.left_out] == ["set s {", "ip daddr @s drop"]
    assert answer.judged[0].verdict is KernelVerdict.NOT_JUDGED


def test_a_base_chain_that_is_not_taken_leaves_nothing_judged(ask_nft: Ask) -> None:
    rules = (
        many(3, "accept")
        .replace("hook output", "hook nowhere")
        .replace("policy accept; jump c", "policy accept;\n jump c")
    )
    (judged,) = ask_nft(rules, FLOW).judged
    assert judged.verdict is KernelVerdict.NOT_JUDGED


@pytest.mark.parametrize("last", ["10.99.0.0/24", '10.99.0.0/24 comment "a, b"'])
def test_a_set_with_more_members_than_one_message_holds(ask_nft: Ask, last: str) -> None:
    members = ",\n   ".join([*(f"10.{i // 250}.{i % 250}.0/25" for i in range(9000)), last, "192.0.2.1"])
    rules = many(3, "ip daddr @s drop").replace(
        "elements = { 192.0.2.1,\n 192.0.2.9 };", f"flags interval\n  elements = {{ {members} }}\n"
    )
    rules = rules.replace("set s { type ipv4_addr; ", "set s {\n  type ipv4_addr\n  ")
    answer = ask_nft(rules, FLOW, "tcp:10.35.249.1:443", "tcp:10.36.9.1:443", "tcp:10.99.0.7:443")
    assert answer.left_out == ()
    assert [one.verdict for one in answer.judged] == ["drop", "drop", "accept", "drop"]


@pytest.mark.parametrize(("count", "lost"), [(3, ["set s {", "ip daddr @s drop"]), (900, ["elements = {"])])
def test_a_member_that_is_not_taken_of_such_a_set_leaves_nothing_judged(
    ask_nft: Ask, count: int, lost: list[str]
) -> None:
    """Where the text is loaded whole, the set and its rule are missing; in pieces, a part of its members."""
    members = ", ".join([*(f"10.{i // 250}.{i % 250}.0/25" for i in range(9000)), "no-such-address"])
    rules = many(count, "ip daddr @s drop").replace(
        "set s { type ipv4_addr; elements = { 192.0.2.1,\n 192.0.2.9 }; }",
        f"set s {{\n type ipv4_addr\n flags interval\n elements = {{ {members} }}\n }}",
    )
    answer = ask_nft(rules, FLOW)
    assert [one.what[: len(start)] for one, start in zip(answer.left_out, lost)] == lost
    assert all(len(one.what) < 400 for one in answer.left_out)
    assert answer.judged[0].verdict is KernelVerdict.NOT_JUDGED
