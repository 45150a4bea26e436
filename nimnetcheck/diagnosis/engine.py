"""Observations to findings, and to the one verdict of a run: pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.diagnosis.entries import BY_FAILURE, Diagnosis
from nimnetcheck.diagnosis.judgement import judge, worst
from nimnetcheck.model import Finding, Outcome, Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nimnetcheck.model import Judgement, Observation

__all__ = ["conclude", "diagnose", "judge"]

MANY = 4
EXIT_CODES = {Verdict.PASS: 0, Verdict.WARN: 0, Verdict.SKIP: 0, Verdict.FAIL: 1, Verdict.UNKNOWN: 3}
STRICT_WARNING = 4
SEVERITY_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def diagnose(observations: Sequence[Observation], judgements: Sequence[Judgement]) -> tuple[Finding, ...]:
    """One finding for each cause, with everything it struck as its scope; the gravest first.

    A failure on a subject that is reached all the same (another address, another family) is a warning.
    """
    struck: dict[Diagnosis, list[Observation]] = {}
    for observation in observations:
        if observation.outcome is Outcome.FAILED and observation.failure:
            struck.setdefault(BY_FAILURE[observation.failure], []).append(observation)
    broken = {judgement.subject for judgement in judgements if judgement.verdict in (Verdict.FAIL, Verdict.UNKNOWN)}
    findings = [_finding(entry, seen, broken) for entry, seen in struck.items()]
    return tuple(sorted(findings, key=lambda finding: SEVERITY_ORDER.index(finding.severity)))


def conclude(judgements: Sequence[Judgement], *, strict: bool) -> tuple[Verdict, int]:
    """The verdict of the run and its exit code."""
    verdict = worst(judgement.verdict for judgement in judgements)
    code = STRICT_WARNING if strict and verdict is Verdict.WARN else EXIT_CODES[verdict]
    return verdict, code


def _finding(entry: Diagnosis, seen: Sequence[Observation], broken: set[str]) -> Finding:
    subjects = tuple(dict.fromkeys(observation.subject for observation in seen))
    targets = tuple(dict.fromkeys(str(observation.target) for observation in seen if observation.target))
    words = {"subjects": _few(subjects), "targets": _few(targets) or _few(subjects)}
    severity = (
        entry.severity
        if broken.intersection(subjects)
        else min(entry.severity, Severity.WARNING, key=lambda s: -SEVERITY_ORDER.index(s))
    )
    return Finding(
        code=entry.code,
        severity=severity,
        title=entry.title,
        explanation=entry.explanation,
        action=entry.action.format(**words)
        if "{targets}" in entry.action or "{subjects}" in entry.action
        else entry.action,
        subjects=subjects,
        evidence=tuple(_evidence(observation) for observation in seen[:MANY]) + _rest(seen),
    )


def _evidence(observation: Observation) -> str:
    where = str(observation.target) if observation.target else observation.title
    return f"{observation.subject} {where}: {observation.detail or observation.failure}"


def _rest(seen: Sequence[Observation]) -> tuple[str, ...]:
    return (f"and {len(seen) - MANY} more like it",) if len(seen) > MANY else ()


def _few(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:MANY])
    return f"{shown} and {len(names) - MANY} more" if len(names) > MANY else shown
