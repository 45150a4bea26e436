"""The days that decide: from logs, state and licence; counted from the run, so that a saved report says the same."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import attrs
import pytest

from nimnetcheck.diagnosis.deadlines import deadlines, pressing
from nimnetcheck.model import Failure, Observation, Rung
from tests.diagnosis.seen import seen

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=timezone.utc)


def told(title: str, **evidence: object) -> Observation:
    return attrs.evolve(seen("host", None, rung=Rung.HOST), title=title, evidence=evidence)


def days(*observations: Observation) -> dict[str, int]:
    return {one.name: one.days_left for one in deadlines(observations, NOW)}


def at(offset: timedelta) -> str:
    return (NOW + offset).isoformat()


def test_without_knowledge_there_is_no_deadline() -> None:
    assert deadlines((), NOW) == ()


def test_traffic_stops_180_days_after_the_last_accepted_report() -> None:
    old, new = told("error.log", accepted=at(-timedelta(days=100))), told("nms.log", accepted=at(-timedelta(days=30)))
    (stops,) = deadlines((old, new), NOW)
    assert (stops.name, stops.days_left, stops.source) == ("traffic-stops", 150, "nms.log")
    assert "last accepted report 2026-10-26" in stops.words


def test_the_state_s_age_counts_where_no_log_tells() -> None:
    state = told("State of reporting", state_written=at(-timedelta(days=200)))
    assert days(state) == {"traffic-stops": -20}
    assert days(state, told("nms.log", accepted=at(-timedelta(days=1)))) == {"traffic-stops": 179}


def test_what_nginx_says_itself_counts_before_all() -> None:
    assert days(
        told("nms.log", accepted=at(-timedelta(days=1))),
        told("license.json", traffic_stops=at(timedelta(days=12))),
    ) == {"traffic-stops": 12}


def test_the_next_report_is_due_an_interval_after_the_last() -> None:
    found = deadlines((told("nms.log", accepted=at(timedelta())), told("NGINX Plus", interval_s=3600)), NOW)
    assert (found[0].name, found[0].due) == ("next-report", NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("2026-12-25", {"subscription-ends": 29, "grace-ends": 119}),
        ("2026-11-01", {"grace-ends": 65}),
        ("2026-01-01", {"grace-ends": -239}),
    ],
)
def test_the_subscription_and_its_grace(end: str, expected: dict[str, int]) -> None:
    assert days(told("Licence", subscription_end=end)) == expected


def test_the_nearest_comes_first() -> None:
    found = deadlines(
        (told("Licence", subscription_end="2026-12-01"), told("nms.log", accepted=at(-timedelta(days=179)))), NOW
    )
    assert [one.name for one in found] == ["traffic-stops", "subscription-ends", "grace-ends"]


@pytest.mark.parametrize("value", [None, 5, "soon", "2026-99-99", ["2026-01-01"]])
def test_a_moment_that_is_none_is_none(value: object) -> None:
    assert deadlines((told("x", accepted=value, subscription_end=value, interval_s="1h"),), NOW) == ()


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ({"accepted": at(-timedelta(days=149))}, set()),
        ({"accepted": at(-timedelta(days=150))}, {Failure.REPORTING_FAILING}),
        ({"subscription_end": "2026-10-26"}, set()),
        ({"subscription_end": "2026-09-20"}, {Failure.LICENCE_IN_GRACE}),
        ({"subscription_end": "2026-11-26"}, set()),  # its end is not the stop
    ],
)
def test_a_month_before_a_stop_what_leads_to_it_presses(evidence: dict[str, object], expected: set[Failure]) -> None:
    assert pressing(deadlines((told("x", **evidence),), NOW)) == expected
