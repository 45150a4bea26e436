"""Lines become observations: for each log and each meaning one, how often, when last, and whether it has passed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.logs.lines import meaning, unanswered
from nimnetcheck.logs.sources import sources
from nimnetcheck.logs.times import moment
from nimnetcheck.model import Failure, Observation, Outcome, Rung

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

    from nimnetcheck.logs.errors import Meaning
    from nimnetcheck.logs.sources import Source

SUBJECT = "logs"
SHOWN = 200
SECRETS = (
    (re.compile(r"[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"), "[token]"),
    (re.compile(r"(Basic|Bearer) +[A-Za-z0-9+/=._-]{4,}", re.IGNORECASE), r"\1 [credentials]"),
    (re.compile(r"//[^/@\s]+@"), "//[credentials]@"),
    (re.compile(r"(pass\w*|token|secret)([=:] *)\S+", re.IGNORECASE), r"\1\2[hidden]"),
)
TERM = re.compile(
    r"(?:end(?:ing)?|expir\w+) in (?P<days>\d{1,5}) day|\"grace\" *: *(?P<seconds>\d{1,9})", re.IGNORECASE
)
GRACE = timedelta(days=90)
MAX_KINDS = 200  # of one log: names and statuses in its lines come from outside


@attrs.define
class Kind:
    """The lines of one log that mean the same."""

    meaning: Meaning
    count: int = 0
    place: int = 0
    first: datetime | None = None
    last: datetime | None = None
    sample: str = ""

    def note(self, place: int, when: datetime | None, line: str) -> None:
        """One more of them."""
        self.count, self.place, self.sample = self.count + 1, place, line
        self.first, self.last = self.first or when, when or self.last


def observe(paths: Sequence[Path], now: datetime) -> tuple[Observation, ...]:
    """What the logs under these paths say; `now` is aware. Raises InputError for what cannot be read."""
    return tuple(seen for source in sources(paths) for seen in of_lines(source, now))


def of_lines(source: Source, now: datetime) -> Iterable[Observation]:
    """What one log says. A failure that an accepted report came after is history, and no failure any more."""
    kinds: dict[Meaning, Kind] = {}
    for place, line in enumerate(unanswered(source.lines)):
        found = meaning(line)
        if found and (found in kinds or len(kinds) < MAX_KINDS):
            kinds.setdefault(found, Kind(found)).note(place, moment(line, now), line)
    accepted = max((kind.place for kind in kinds.values() if kind.meaning.failure is None), default=-1)
    return [
        _observation(source.name, kind, now, is_past=_ends(kind) and kind.place < accepted) for kind in kinds.values()
    ]


def _ends(kind: Kind) -> bool:
    """Whether an accepted report shows that it is over: a report says nothing about a licence that is near its end."""
    return kind.meaning.rung is not Rung.HOST


def _observation(name: str, kind: Kind, now: datetime, *, is_past: bool) -> Observation:
    failure = None if is_past else kind.meaning.failure
    times = f"{kind.count} time{'s' if kind.count > 1 else ''}" + (
        f", last {kind.last:%Y-%m-%d %H:%M:%S}" if kind.last else ""
    )
    words = f"{times}: {shown(kind.sample)}"
    evidence: dict[str, object] = {"log": name, "count": kind.count}
    if kind.last and kind.first:
        evidence.update(first=kind.first.isoformat(), last=kind.last.isoformat())
    if kind.meaning.host:
        evidence["host"] = kind.meaning.host
    if kind.meaning.status:
        evidence["response"] = {"status": kind.meaning.status}
    if kind.meaning.failure is None and kind.last:
        evidence["accepted"] = kind.last.isoformat()
    evidence.update(_terms(kind, now))
    return Observation(
        subject=SUBJECT,
        rung=kind.meaning.rung,
        title=name,
        outcome=Outcome.FAILED if failure else Outcome.PASSED,
        failure=failure,
        detail=f"over, since a report was accepted after it: {words}" if is_past else words,
        evidence=evidence,
    )


def _terms(kind: Kind, now: datetime) -> dict[str, object]:
    """The moments that the last of the lines counts days or seconds to."""
    said = TERM.search(kind.sample)
    if not said:
        return {}
    left = timedelta(seconds=int(said["seconds"])) if said["seconds"] else timedelta(days=int(said["days"]))
    until = (kind.last or now) + left
    if kind.meaning.failure is Failure.LICENCE_IN_GRACE:
        return {"subscription_end": (until - GRACE).isoformat()}
    if kind.meaning.failure is Failure.LICENCE_NEAR_EXPIRY:
        return {"subscription_end": until.isoformat()}
    return {"traffic_stops": until.isoformat()}


def shown(line: str) -> str:
    """A line that can go to a screen and into a report: no control characters, no credentials, and not too long."""
    for pattern, instead in SECRETS:
        line = pattern.sub(instead, line)
    return "".join(character if character.isprintable() else " " for character in line).strip()[:SHOWN]
