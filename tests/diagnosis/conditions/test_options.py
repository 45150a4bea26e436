"""Which TCP option a way dislikes, beside what only looks so; the laboratory has an old firewall."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nimnetcheck.diagnosis.conditions import options
from tests.diagnosis.conditions.looked import AT, context, silent
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code

if TYPE_CHECKING:
    from nimnetcheck.model import Observation

MANNERS = ("all", "without sack", "without timestamps", "without window", "mss alone")


def knocked(marks: str) -> Observation:
    """One letter for each manner: + answered, - silent."""
    words = {"+": "answered", "-": "silent"}
    answers = {manner: words[mark] for manner, mark in zip(MANNERS, marks)}
    return seen("usage", AT, changed="options", evidence={"answers": answers})


@pytest.mark.parametrize(
    ("marks", "found"),
    [
        ("--+-+", True),  # timestamps
        ("-+--+", True),  # SACK
        ("----+", True),  # more than one of them
        ("-----", False),  # everything is dropped
        ("+++++", False),  # nothing is: it was chance
        ("+----", False),  # a limit on new connections
        ("-++-+", False),  # chance: no one option explains it
        ("-+---", False),
    ],
)
def test_what_is_lost_and_what_is_answered_must_fit_one_another(marks: str, *, found: bool) -> None:
    one = silent()
    assert options.mangled(one, context(one, knocked(marks))) is found
    assert (code(one, knocked(marks)) == "tcp.option-mangled") is found


def test_the_option_is_named() -> None:
    one = silent()
    assert options.disliked(one, context(one, knocked("--+-+"))).endswith("without timestamps it gets through")
    assert options.disliked(one, context(one, knocked("----+"))).endswith("with mss alone it gets through")
    assert not options.disliked(one, context(one))


@pytest.mark.parametrize("junk", [None, 3, [], {"all": 3}])
def test_a_saved_report_may_hold_anything(junk: object) -> None:
    one = silent()
    assert not options.mangled(one, context(one, seen("usage", AT, changed="options", evidence={"answers": junk})))
