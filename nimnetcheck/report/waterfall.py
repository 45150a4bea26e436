"""Where the time went: for each target its phases, one behind the other; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from nimnetcheck.model import Outcome, Rung
from nimnetcheck.report.subjects import by_subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nimnetcheck.model import Observation, Report, Target

PHASES: Mapping[Rung, str] = {
    Rung.DNS: "DNS",
    Rung.TCP: "TCP",
    Rung.PATH: "path",
    Rung.PROXY: "proxy",
    Rung.TLS: "TLS",
    Rung.HTTP: "HTTP",
}
WAIT = "wait"  # from the last byte of the request to the first of the answer
FAMILIES = {"A": 4, "AAAA": 6}


@attrs.frozen(kw_only=True)
class Bar:
    """One phase: when it began, counted from the begin of its waterfall, and how long it took; seconds."""

    phase: str
    start_s: float
    length_s: float
    failure: str = ""

    @property
    def words(self) -> str:
        """The phase in words."""
        return f"{self.phase} {milliseconds(self.length_s)}" + (f", {self.failure}" if self.failure else "")


@attrs.frozen(kw_only=True)
class Row:
    """One target and its phases."""

    label: str
    bars: tuple[Bar, ...]

    @property
    def end_s(self) -> float:
        """When the last phase ended."""
        return max(bar.start_s + bar.length_s for bar in self.bars)

    @property
    def total_s(self) -> float:
        """From the first begin to the last end."""
        return self.end_s - min(bar.start_s for bar in self.bars)

    @property
    def failure(self) -> str:
        """What ended it, if anything did."""
        return next((bar.failure for bar in self.bars if bar.failure), "")

    @property
    def words(self) -> str:
        """The row in words, for who cannot see it."""
        return f"{self.label}: {', '.join(bar.words for bar in self.bars)}"


@attrs.frozen(kw_only=True)
class Waterfall:
    """All targets of one subject on one scale, those that failed first."""

    subject: str
    rows: tuple[Row, ...]

    @property
    def span_s(self) -> float:
        """The length of the scale; never nothing."""
        return max([0.001, *(row.end_s for row in self.rows)])

    @property
    def broken(self) -> bool:
        """Whether a target failed."""
        return any(row.failure for row in self.rows)

    @property
    def phases(self) -> tuple[str, ...]:
        """The phases that occur, lowest first."""
        found = {bar.phase for row in self.rows for bar in row.bars}
        return tuple(phase for phase in (*PHASES.values(), WAIT) if phase in found)


def waterfalls(report: Report) -> tuple[Waterfall, ...]:
    """One for each subject that was dialled, in the order of the judgements."""
    seen = [o for o in report.observations if not o.control and o.outcome is not Outcome.SKIPPED and o.rung in PHASES]
    subjects = by_subject(seen)
    drawn = (_draw(judgement.subject, subjects.get(judgement.subject, [])) for judgement in report.judgements)
    return tuple(waterfall for waterfall in drawn if waterfall.rows)


def milliseconds(seconds: float) -> str:
    """A time as people say it: 12 ms, 0.4 ms, 2.10 s."""
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1000:.1f} ms" if seconds < 0.01 else f"{seconds * 1000:.0f} ms"  # noqa: PLR2004 (10 ms)


def _draw(subject: str, seen: Sequence[Observation]) -> Waterfall:
    begin_s = min((observation.started_s for observation in seen), default=0.0)
    looked_up = [observation for observation in seen if observation.rung is Rung.DNS]
    ladders: dict[Target, list[Observation]] = {}
    for observation in seen:
        if observation.target:
            ladders.setdefault(observation.target, []).append(observation)
    rows = [_row(str(target), [*_led_to(target, looked_up), *ladder], begin_s) for target, ladder in ladders.items()]
    if not rows:
        rows = [_row(observation.title, [observation], begin_s) for observation in looked_up]
    return Waterfall(subject=subject, rows=tuple(sorted(rows, key=lambda row: not row.failure)))


def _led_to(target: Target, looked_up: Iterable[Observation]) -> list[Observation]:
    """The look-up that gave an address of this family."""
    return [
        o
        for o in looked_up
        if FAMILIES.get(str(o.evidence.get("type")), target.address.version) == target.address.version
    ]


def _row(label: str, ladder: Iterable[Observation], begin_s: float) -> Row:
    return Row(label=label, bars=tuple(bar for observation in ladder for bar in _bars(observation, begin_s)))


def _bars(observation: Observation, begin_s: float) -> tuple[Bar, ...]:
    whole = Bar(
        phase=PHASES[observation.rung],
        start_s=max(0.0, observation.started_s - begin_s),
        length_s=observation.elapsed_s,
        failure=str(observation.failure or "").replace("_", " "),
    )
    wait = observation.evidence.get("wait_ms")
    if not isinstance(wait, (int, float)) or not 0 < wait / 1000 <= whole.length_s:
        return (whole,)
    asked = attrs.evolve(whole, length_s=whole.length_s - wait / 1000, failure="")
    waited = attrs.evolve(whole, phase=WAIT, start_s=whole.start_s + asked.length_s, length_s=wait / 1000)
    return (asked, waited)
