"""Walks read back from evidence, whatever it holds."""

from __future__ import annotations

import pytest

from nimnetcheck.model import Rung
from nimnetcheck.report.walks import walks
from tests.report.seen import saw

HOPS = [
    {"limit": 1, "said": "passed on", "from": "10.20.0.1"},
    {"limit": 2, "said": "passed on", "from": "198.18.0.1"},
    {"limit": 3, "said": "silent", "from": None},
]


def test_a_walk_tells_its_routers_and_how_it_ended() -> None:
    (walk,) = walks([saw(Rung.PATH, control=True, evidence={"changed": "hops", "hops": HOPS, "ended": "silent"})])
    assert walk.words == ("10.20.0.1", "198.18.0.1", "silent")
    assert (walk.last_router, walk.left, walk.changed, walk.ended) == ("198.18.0.1", True, "hops", "silent")


@pytest.mark.parametrize(
    ("said", "left"), [("refused", True), ("unreachable", True), ("silent", False), ("not sent", False)]
)
def test_only_what_somebody_else_said_shows_that_packets_leave(said: str, left: bool) -> None:  # noqa: FBT001 (a table)
    (walk,) = walks([saw(Rung.PATH, control=True, evidence={"hops": [{"said": said, "from": None}]})])
    assert (walk.left, walk.last_router, walk.words) == (left, "", (said,))


@pytest.mark.parametrize("hops", [None, [], "x", 7])
def test_what_is_no_walk_is_none(hops: object) -> None:
    assert walks([saw(Rung.PATH, control=True, evidence={"hops": hops})]) == ()


def test_hops_that_are_none_are_left_out() -> None:
    (walk,) = walks([saw(Rung.PATH, control=True, evidence={"hops": ["x", HOPS[0]]})])
    assert walk.words == ("10.20.0.1",)
