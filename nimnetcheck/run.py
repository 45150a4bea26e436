"""One run of a command: when it began, what it is called, and the report of what it saw."""

from __future__ import annotations

import platform
import uuid
from typing import TYPE_CHECKING

import attrs

from nimnetcheck import net
from nimnetcheck.diagnosis import conclude, deadlines, diagnose, judge, warn
from nimnetcheck.model import Report, Setting, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from nimnetcheck.model import Judgement, Observation


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
        judgements = judge(observations)
        findings = diagnose(observations, judgements)
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
            headline=headline(verdict, judgements),
            settings=self.settings,
            deadlines=deadlines(observations, self.started_at),
            judgements=judgements,
            findings=findings,
            observations=tuple(observations),
            notes=notes,
        )


def headline(verdict: Verdict, judgements: Sequence[Judgement]) -> str:
    """The verdict in one sentence that names what decided it."""
    decisive = [judgement.subject for judgement in judgements if judgement.verdict is verdict]
    names = ", ".join(decisive[:4]) + (f" and {len(decisive) - 4} more" if len(decisive) > 4 else "")  # noqa: PLR2004 (a line)
    total = len(judgements)
    if verdict is Verdict.PASS:
        return f"Everything asked for works here: {names}."
    if verdict is Verdict.WARN:
        return f"It works, with warnings: {names}."
    if verdict is Verdict.FAIL:
        return f"{len(decisive)} of {total} failed: {names}."
    if verdict is Verdict.UNKNOWN:
        return f"Inconclusive: {names} could not be judged."
    return "Nothing was checked."
