"""The moment of a line, in each product's way of writing it."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from nimnetcheck.logs.times import moment

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2026/11/24 12:00:01 [error] 1#1: x", (2026, 11, 24, 12, 0, 1)),
        ("2026-11-24T12:00:01.123Z\tERROR\tx", (2026, 11, 24, 12, 0, 1)),
        ("2026-11-24T12:00:01+02:00 x", (2026, 11, 24, 10, 0, 1)),
        ("2026-11-24T12:00:01-0530 x", (2026, 11, 24, 17, 30, 1)),
        ("2026-11-24 12:00:01 [ATTEMPT] x", (2026, 11, 24, 12, 0, 1)),
        ("Nov 24 12:00:01 nim nms-integrations[7]: x", (2026, 11, 24, 12, 0, 1)),
        ("Dec  9 12:00:01 nim nms-integrations[7]: x", (2025, 12, 9, 12, 0, 1)),
        ('{"__REALTIME_TIMESTAMP":"1795608001000000","MESSAGE":"x"}', (2026, 11, 25, 12, 0, 1)),
    ],
)
def test_a_time_is_read(line: str, expected: tuple[int, ...]) -> None:
    found = moment(line, NOW)
    assert found is not None
    assert found.timetuple()[:6] == expected


@pytest.mark.parametrize("line", ["", "x", "2026-13-40T99:99:99Z", "Feb 30 12:00:00 x", "9999-99-99 00:00:00"])
def test_what_is_no_time_is_none(line: str) -> None:
    assert moment(line, NOW) is None
