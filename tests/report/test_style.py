"""Words carry the meaning, colour repeats it, and nothing unprintable passes."""

from __future__ import annotations

from nimnetcheck.model import Verdict
from nimnetcheck.report.style import Style


def test_words_are_there_with_and_without_colour() -> None:
    assert Style().word(Verdict.FAIL) == "FAIL"
    assert "FAIL" in Style(color=True).word(Verdict.FAIL)


def test_control_characters_never_pass() -> None:
    assert Style().safe("a\x1b[31mb\x00\u202ec\nd") == "a?[31mb??c\nd"


def test_ascii_where_the_terminal_needs_it() -> None:
    assert Style(ascii_only=True).safe("wait\u2026 \u2192 caf\u00e9") == "wait... -> caf?"


def test_the_width_is_never_too_small_to_read_nor_too_long() -> None:
    assert [Style(width=width).columns for width in (20, 80, 300)] == [60, 80, 120]
