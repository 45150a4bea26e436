"""One run of a command: when it began, what it is called, and the report of what it saw."""

from __future__ import annotations

import platform
import uuid
from typing import TYPE_CHECKING

import attrs

from nimnetcheck import net
from nimnetcheck.diagnosis import conclude, deadlines, diagnose, judge, pressing, warn
from nimnetcheck.model import Report, Setting, Verdict
from nimnetcheck.report.days import when

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from nimnetcheck.model import Deadline, Judgement, Observation

STOPS = ("traffic-stops", "grace-ends")


@attrs.frozen(kw_only=True)
class Run:
    """The frame of a report, made when the command begins, or as a saved report gives it.

    `duration_s` is measured up to the report where it is not given.
    """

    command: str
    settings: tuple[Setting, ...] = ()
    strict: bool = False
    run_id: str = attrs.field(factory=lambda: uuid.uuid4().hex[:12])
    started_at: datetime = attrs.field(factory=net.utc_now)
    started_s: float = attrs.field(factory=net.monotonic)
    host: str = attrs.field(factory=platform.node)
    duration_s: float | None = None

    def report(self, observations: Sequence[Observation], notes: tuple[str, ...] = ()) -> Report:
        """Judge what was seen and close the frame."""
        due = deadlines(observations, self.started_at)
        judgements = judge(observations, pressing(due))
        findings = diagnose(observations, judgements, pressing(due))
        judgements = warn(judgements, findings)
        verdict, exit_code = conclude(judgements, strict=self.strict)
        return Report(
            command=self.command,
            run_id=self.run_id,
            started_at=self.started_at,
            duration_s=net.monotonic() - self.started_s if self.duration_s is None else self.duration_s,
            host=self.host,
            verdict=verdict,
            exit_code=exit_code,
            headline=headline(verdict, judgements, due),
            settings=self.settings,
            deadlines=due,
            judgements=judgements,
            findings=findings,
            observations=tuple(observations),
            notes=notes,
        )


def headline(verdict: Verdict, judgements: Sequence[Judgement], due: Sequence[Deadline] = ()) -> str:
    """The verdict in one sentence that names what decided it, and how urgent that is where it is known."""
    decisive = [judgement.subject for judgement in judgements if judgement.verdict is verdict]
    names = ", ".join(decisive[:4]) + (f" and {len(decisive) - 4} more" if len(decisive) > 4 else "")  # noqa: PLR2004 (a line)
    total = len(judgements)
    if verdict is Verdict.PASS:
        return f"Everything asked for works here: {names}."
    if verdict is Verdict.WARN:
        return f"It works, with warnings: {names}."
    if verdict is Verdict.FAIL:
        return f"{len(decisive)} of {total} failed: {names}.{_urgency(due)}"
    if verdict is Verdict.UNKNOWN:
        return f"Inconclusive: {names} could not be judged.{_urgency(due)}"
    return "Nothing was checked."


def _urgency(due: Sequence[Deadline]) -> str:
    """When NGINX Plus stops: what failed here is more urgent 3 days before than 170."""
    stops = next((one for one in due if one.name in STOPS), None)
    return f" NGINX Plus stops {when(stops.days_left)}." if stops else ""
