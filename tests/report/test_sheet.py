"""A page to hand on, in Markdown and in text: the same words, nothing that could be taken for markup."""

from __future__ import annotations

import pytest

from nimnetcheck.report.sheet import Block, Bullets, Code, Heading, Paragraph, Table, markdown, text

PAGE: tuple[Block, ...] = (
    Heading("One"),
    Paragraph("Some words, and `code` among them. " * 4),
    Heading("Two"),
    Bullets(("first", "second")),
    Table(("a", "b", "empty"), (("1", "x" * 50 + " y", ""), ("2", "z", ""))),
    Code("nft -f\n  file"),
)


def test_markdown() -> None:
    lines = markdown(PAGE).splitlines()
    assert lines[0] == "# One"
    assert "## Two" in lines
    assert "- first" in lines
    assert lines[-4:] == ["```", "nft -f", "  file", "```"]
    assert "`code`" in lines[2]
    assert next(line for line in lines if line.startswith("| a")).split("|")[1:3] == [" a   ", f" b{' ' * 52}"]


def test_text_is_for_an_e_mail() -> None:
    lines = text(PAGE).splitlines()
    assert lines[:2] == ["One", "==="]
    assert max(map(len, lines)) <= 78
    assert "    nft -f" in lines


def test_a_column_in_which_nothing_stands_is_left_out() -> None:
    assert "empty" not in markdown(PAGE)
    assert "empty" not in text(PAGE)


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("a|b", r"a\|b"),
        ("<img src=x>", r"\<img src=x\>"),
        ("[x](http://y)", r"\[x\](http://y)"),
        ("*a* _b_ # c", r"\*a\* \_b\_ \# c"),
        ("`a|b` c|d", r"`a\|b` c\|d"),
        ("one ` alone", r"one \` alone"),
        ("line\nbreak\x1b[2J", r"line break?\[2J"),
    ],
)
def test_nothing_from_outside_is_markup(words: str, written: str) -> None:
    assert markdown((Heading("t"), Paragraph(words))) == f"# t\n\n{written}\n"


def test_code_cannot_end_its_own_fence() -> None:
    assert markdown((Heading("t"), Code("```\n# not a heading"))).splitlines()[2::3] == ["````", "````"]
