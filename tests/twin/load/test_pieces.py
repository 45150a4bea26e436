"""Lines that a tool refuses are left out, whole statements at a time, and the rest is loaded."""

from __future__ import annotations

import pytest

from nimnetcheck.twin.load.pieces import MAX_REFUSALS, Line, LoadError, load
from nimnetcheck.twin.tools import Ran


def tool(text: str) -> Ran:
    """Refuses lines that hold `bad`, and says which is the first."""
    for number, line in enumerate(text.split("\n"), 1):
        if "bad" in line:
            return Ran(code=1, out="", said=f"line {number}")
    return Ran(code=0, out="", said="")


def faulty(ran: Ran) -> tuple[int, str] | None:
    number = ran.said.partition(" ")[2]
    return (int(number), "why") if number else None


def test_each_refused_line_is_named_once() -> None:
    lines = [Line("good", "a"), Line("bad", "b"), Line("good", "c"), Line("bad", "d")]
    assert [(one.owner, one.because) for one in load(lines, tool, faulty)] == [("b", "why"), ("d", "why")]


def test_lines_of_one_statement_are_left_out_together() -> None:
    whole = "one statement"
    seen: list[str] = []

    def remember(text: str) -> Ran:
        seen.append(text)
        return tool(text)

    assert len(load([Line("first part", whole), Line("bad", whole), Line("good", "x")], remember, faulty)) == 1
    assert seen[-1] == "\n\ngood\n"


def test_a_frame_that_is_refused_is_an_error() -> None:
    with pytest.raises(LoadError):
        load([Line("bad")], tool, faulty)


def test_an_error_without_a_line_is_an_error() -> None:
    with pytest.raises(LoadError, match="no more"):
        load([Line("x", "x")], lambda _: Ran(code=1, out="", said="no more"), lambda _: None)


def test_there_is_an_end_to_it() -> None:
    with pytest.raises(LoadError):
        load([Line("bad", object()) for _ in range(MAX_REFUSALS + 1)], tool, faulty)
