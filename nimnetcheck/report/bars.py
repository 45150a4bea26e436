"""Where the time went, for a terminal: one bar for each target, a letter for each phase; pure."""

from __future__ import annotations

import textwrap
from itertools import groupby
from typing import TYPE_CHECKING

from nimnetcheck.report.waterfall import WAIT, Row, Waterfall, milliseconds, waterfalls

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimnetcheck.model import Report
    from nimnetcheck.report.style import Style

LETTERS: Mapping[str, str] = {"DNS": "D", "TCP": "T", "path": "M", "proxy": "P", "TLS": "S", "HTTP": "H", WAIT: "w"}
COLORS: Mapping[str, str] = {
    "DNS": "35",
    "TCP": "34",
    "path": "36",
    "proxy": "33",
    "TLS": "36",
    "HTTP": "32",
    WAIT: "2",
}
FAILED = "x"
RED = "31"
FEW_ROWS = 8
TIME_COLUMNS = 8
SHORTEST_BAR = 16


def draw(report: Report, style: Style) -> list[str]:
    """The bars of each subject in which a named target failed; with -v of every subject, all of its targets."""
    lines = []
    for waterfall in waterfalls(report):
        if style.verbose or (waterfall.broken and _is_named(report, waterfall)):
            lines += ["", style.strong(f"{waterfall.subject}, where the time went"), *_rows(waterfall, style)]
    return lines


def _is_named(report: Report, waterfall: Waterfall) -> bool:
    """A range has its map already, and a bar for each of its addresses would say little more."""
    return any(o.target and o.target.host for o in report.observations if o.subject == waterfall.subject)


def _rows(waterfall: Waterfall, style: Style) -> list[str]:
    shown = waterfall.rows if style.verbose else waterfall.rows[:FEW_ROWS]
    labels = [style.safe(row.label) for row in shown]
    room = style.columns - 2 - TIME_COLUMNS - 3
    label = min(max(map(len, labels)), room - SHORTEST_BAR)
    width = room - label
    lines = []
    for row, name in zip(shown, labels):
        bar = _bar(row, waterfall.span_s, width, style)
        head = [f"  {name}"] if len(name) > label else []
        lines += [*head, f"  {'' if head else name:<{label}}  {bar} {milliseconds(row.total_s):>{TIME_COLUMNS}}"]
    if len(shown) < len(waterfall.rows):
        lines.append(f"  and {len(waterfall.rows) - len(shown)} more; -v shows them")
    return [*lines, *_legend(waterfall, style)]


def _bar(row: Row, span_s: float, width: int, style: Style) -> str:
    """Each phase at least one letter long, in its place on the scale; `x` where it ended."""
    cells: list[str | None] = [None] * width
    for bar in row.bars:
        first = min(int(bar.start_s / span_s * width), width - 1)
        last = min(max(first + 1, round((bar.start_s + bar.length_s) / span_s * width)), width)
        cells[first:last] = [bar.phase] * (last - first)
        if bar.failure:
            cells[last - 1] = FAILED
    return "".join(_run(phase, len(list(run)), style) for phase, run in groupby(cells))


def _run(phase: str | None, length: int, style: Style) -> str:
    if phase is None:
        return " " * length
    return style.paint(FAILED, RED) if phase == FAILED else style.paint(LETTERS[phase] * length, COLORS[phase])


def _legend(waterfall: Waterfall, style: Style) -> list[str]:
    phases = [f"{LETTERS[phase]} {phase}" for phase in waterfall.phases]
    ended = [f"{FAILED} ended there"] if waterfall.broken else []
    words = ", ".join([*phases, *ended, f"full width {milliseconds(waterfall.span_s)}"])
    return textwrap.wrap(words, style.columns, initial_indent="  ", subsequent_indent="  ")
