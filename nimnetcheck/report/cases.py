"""A report as test cases, one for each judgement, as consumers of test results count them; pure.

What counts is what the exit code counts: one case fails for each subject that failed, and none for an address of a
range that stays silent beside others that answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from nimnetcheck.model import Outcome, Verdict
from nimnetcheck.report.style import Style
from nimnetcheck.report.subjects import by_subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nimnetcheck.model import Finding, Judgement, Observation, Report

MANY = 20
PLAIN = Style()  # what is in a case goes into files: no control characters, all of UTF-8


@attrs.frozen(kw_only=True)
class Case:
    """One subject: how it was judged, how long it took, and why, line by line, unless it simply passed."""

    subject: str
    verdict: Verdict
    summary: str
    elapsed_s: float
    lines: tuple[str, ...] = ()


def cases(report: Report) -> tuple[Case, ...]:
    """The cases of a report, in its order."""
    subjects = by_subject(seen for seen in report.observations if not seen.control)
    return tuple(_case(report, judgement, subjects.get(judgement.subject, [])) for judgement in report.judgements)


def _case(report: Report, judgement: Judgement, seen: Sequence[Observation]) -> Case:
    lines: tuple[str, ...] = ()
    if judgement.verdict not in (Verdict.PASS, Verdict.SKIP):
        struck = [finding for finding in report.findings if judgement.subject in finding.subjects]
        lines = (*_failed(seen), *(line for finding in struck for line in _told(finding)))
    return Case(
        subject=judgement.subject,
        verdict=judgement.verdict,
        summary=PLAIN.safe(judgement.summary),
        elapsed_s=_elapsed(seen),
        lines=tuple(PLAIN.safe(line) for line in lines),
    )


def _elapsed(seen: Sequence[Observation]) -> float:
    """From the first begin to the last end."""
    tried = [observation for observation in seen if observation.outcome is not Outcome.SKIPPED]
    if not tried:
        return 0.0
    return max(o.started_s + o.elapsed_s for o in tried) - min(o.started_s for o in tried)


def _failed(seen: Sequence[Observation]) -> Iterator[str]:
    failed = [observation for observation in seen if observation.outcome is Outcome.FAILED]
    for observation in failed[:MANY]:
        yield f"{observation.title}: {observation.failure}" + (f": {observation.detail}" if observation.detail else "")
    if len(failed) > MANY:
        yield f"and {len(failed) - MANY} more"


def _told(finding: Finding) -> Iterator[str]:
    yield f"[{finding.code}] {finding.title}"
    yield finding.explanation
    yield from (f"- {item}" for item in finding.evidence)
    yield f"Do: {finding.action}"
