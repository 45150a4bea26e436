"""Bars for a terminal: readable without colour, the same with it, and never too wide."""

from __future__ import annotations

import re

import pytest

from nimnetcheck.model import Failure, Rung
from nimnetcheck.report.bars import COLORS, LETTERS, draw
from nimnetcheck.report.style import Style
from nimnetcheck.report.waterfall import PHASES, WAIT
from tests.report.seen import looked_up, report, saw

TCP, TLS = Rung.TCP, Rung.TLS
BROKEN = report(
    [
        saw(Rung.DNS, address=None, elapsed_s=0.5, evidence={"type": "A", "addresses": ["3.135.72.139"]}),
        saw(TCP, started_s=0.5, elapsed_s=0.25),
        saw(TLS, Failure.TLS_RESET, started_s=0.75, elapsed_s=0.25),
    ]
)


def test_every_phase_has_a_letter_of_its_own_and_a_colour() -> None:
    assert set(LETTERS) == set(COLORS) == {*PHASES.values(), WAIT}
    assert len(set(LETTERS.values())) == len(LETTERS)


def test_each_phase_is_as_long_as_it_took_and_the_end_is_marked() -> None:
    _, head, row, legend = draw(BROKEN, Style(width=60))
    assert head == "usage, where the time went"
    label, bar, total = re.split(r"\s{2,}| (?=\d)", row.strip())
    assert (label, total) == ("3.135.72.139:443", "1.00 s")
    assert re.fullmatch(r"D{14,16}T{7,8}S{6,7}x", bar)
    assert legend == "  D DNS, T TCP, S TLS, x ended there, full width 1.00 s"


def test_colour_changes_nothing_but_colour() -> None:
    colored = draw(BROKEN, Style(color=True))
    assert any("\x1b[" in line for line in colored)
    assert [re.sub(r"\x1b\[\d+m", "", line) for line in colored] == draw(BROKEN, Style())


@pytest.mark.parametrize("width", [60, 100, 120])
def test_no_line_is_too_wide(width: int) -> None:
    long = report([looked_up("a"), saw(TCP, Failure.TCP_TIMEOUT, address="2600:1f16:19c8:d400:ffff:ffff:ffff:ffff")])
    assert max(map(len, draw(long, Style(width=width)))) <= width


def test_only_what_failed_is_drawn_unless_more_is_asked_for() -> None:
    good = report([looked_up("a"), saw(TCP)])
    assert draw(good, Style()) == []
    assert draw(good, Style(verbose=1)) != []


def test_a_range_has_its_map_and_no_bars_unless_asked_for() -> None:
    silent = report([saw(TCP, Failure.TCP_TIMEOUT, host=None)])
    assert draw(silent, Style()) == []
    assert draw(silent, Style(verbose=1)) != []


def test_what_is_too_much_is_counted() -> None:
    many = report([saw(TCP, Failure.TCP_TIMEOUT, address=f"192.0.2.{n}") for n in range(20)])
    assert "  and 12 more; -v shows them" in draw(many, Style())
    assert not any("more" in line for line in draw(many, Style(verbose=1)))
