"""Whatever stands in the evidence of a saved report, it is judged and shown, or refused in one line."""

from __future__ import annotations

import copy
import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from nimnetcheck.errors import InputError
from nimnetcheck.report import FORMS, render, saved
from nimnetcheck.report.style import Style
from tests.diagnosis.cases import FOLDER, cases, document

if TYPE_CHECKING:
    from collections.abc import Iterator

SMALL = 60_000
ROUNDS = 60
JUNK: list[Any] = [
    *(None, True, 0, -1, 1e308, 2**70, "", "x", "\x1b[2J", "::1", "2026-01-01"),
    *([], {}, [[]], [{}], {"a": 1}, ["x", 1, None], {"status": "x"}),
]
KEYS = (
    "status",
    "chain",
    "hops",
    "local",
    "route",
    "changed",
    "icmp",
    "alert",
    "headers",
    "addresses",
    "response",
    "host",
)
REPORTS = [json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json")) if path.stat().st_size < SMALL]
REPORTS += [document(case) for folder in ("fifteen", "others") for case in cases(folder).values()]


def places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 (JSON)
    """Every place in a JSON value."""
    yield place
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from places(item, (*place, key))


def spoil(observation: dict[str, Any], dice: random.Random) -> None:
    """Put something else in one place of the evidence."""
    place = dice.choice(list(places(observation["evidence"]))) or (dice.choice(KEYS),)
    holder = observation["evidence"]
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = copy.deepcopy(dice.choice(JUNK))


@pytest.mark.parametrize("seed", range(5))
def test_no_evidence_is_too_strange(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 (the same each time)
    for _ in range(ROUNDS):
        report = copy.deepcopy(dice.choice(REPORTS))
        for _ in range(dice.randint(1, 4)):
            spoil(dice.choice(report["observations"]), dice)
        try:
            judged = saved.parse(report, "report.json").report()
        except InputError as error:
            assert "\n" not in str(error)  # noqa: PT017 (some are refused, most are not)
            continue
        for form in FORMS:
            assert "\x1b" not in render(judged, form, Style(verbose=2))
