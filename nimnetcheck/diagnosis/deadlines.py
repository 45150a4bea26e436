"""What happens on which day if nothing is done: the number that decides how urgent a finding is; pure.

NGINX Plus stops processing traffic 180 days after its last accepted report, and 90 days after its subscription ended.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.model import Deadline, Failure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nimnetcheck.model import Observation

WITHOUT_REPORT = timedelta(days=180)
AFTER_THE_END = timedelta(days=90)
SOON = 30  # days: what leads to a stop within them is a failure, where it was a warning
LEADS_TO: Mapping[str, Failure] = {
    "traffic-stops": Failure.REPORTING_FAILING,
    "grace-ends": Failure.LICENCE_IN_GRACE,
}


def deadlines(observations: Sequence[Observation], now: datetime) -> tuple[Deadline, ...]:
    """The deadlines that the observations tell of, the nearest first; days are counted from `now`, which is aware."""
    found = (*_reports(observations), *_licence(observations, now))
    counted = (attrs.evolve(one, days_left=(one.due - now).days) for one in found)
    return tuple(sorted(counted, key=lambda one: one.due))


def pressing(found: Iterable[Deadline]) -> frozenset[Failure]:
    """The failures that bring NGINX Plus to a stop soon: no warnings any more, whatever they are otherwise."""
    return frozenset(LEADS_TO[one.name] for one in found if one.name in LEADS_TO and one.days_left <= SOON)


def _reports(observations: Sequence[Observation]) -> Iterator[Deadline]:
    """When traffic stops for want of a report, and when the next one is due."""
    stops = _latest(observations, "traffic_stops")
    if stops:
        yield _deadline("traffic-stops", stops[0], "NGINX Plus stops traffic, unless a report is accepted", stops[1])
    accepted = _latest(observations, "accepted")
    since = accepted or _latest(observations, "state_written")
    if since and not stops:
        told = "last accepted report" if accepted else "state last written"
        due = since[0] + WITHOUT_REPORT
        words = f"NGINX Plus stops traffic, unless a report is accepted ({told} {since[0]:%Y-%m-%d})"
        yield _deadline("traffic-stops", due, words, since[1])
    interval_s = next((seen.evidence["interval_s"] for seen in observations if "interval_s" in seen.evidence), None)
    if since and isinstance(interval_s, int):
        due = since[0] + timedelta(seconds=min(interval_s, 10**7))
        yield _deadline("next-report", due, "the next report is due", since[1])


def _licence(observations: Sequence[Observation], now: datetime) -> Iterator[Deadline]:
    """When the subscription ends, and when its grace does."""
    end = _latest(observations, "subscription_end")
    if end and end[0] > now:
        yield _deadline("subscription-ends", end[0], "the subscription ends", end[1])
    if end:
        words = "NGINX Plus stops, unless the subscription is renewed"
        yield _deadline("grace-ends", end[0] + AFTER_THE_END, words, end[1])


def _latest(observations: Iterable[Observation], key: str) -> tuple[datetime, str] | None:
    """The latest moment under a key of the evidence, and who told it."""
    told = [(moment, seen.title) for seen in observations for moment in [_moment(seen.evidence.get(key))] if moment]
    return max(told, default=None)


def _moment(value: object) -> datetime | None:
    """A moment as evidence holds it, a date or a time; a saved report may hold anything."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    except ValueError:
        return None


def _deadline(name: str, due: datetime, words: str, source: str) -> Deadline:
    return Deadline(name=name, due=due, days_left=0, words=words, source=source)
