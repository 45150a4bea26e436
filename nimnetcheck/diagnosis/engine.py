"""Observations to findings, and to the one verdict of a run: pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.diagnosis.entries import BY_FAILURE, Diagnosis
from nimnetcheck.diagnosis.judgement import judge, worst
from nimnetcheck.model import Finding, Outcome, Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nimnetcheck.model import Judgement, Observation

__all__ = ["conclude", "diagnose", "judge"]

MANY = 4
EXIT_CODES = {Verdict.PASS: 0, Verdict.WARN: 0, Verdict.SKIP: 0, Verdict.FAIL: 1, Verdict.UNKNOWN: 3}
STRICT_WARNING = 4
LIMITS = {Verdict.FAIL: Severity.ERROR, Verdict.UNKNOWN: Severity.ERROR, Verdict.WARN: Severity.WARNING}
SEVERITY_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def diagnose(observations: Sequence[Observation], judgements: Sequence[Judgement]) -> tuple[Finding, ...]:
    """One finding for each cause, with everything it struck as its scope; the gravest first.

    A failure on a subject that works all the same (another address, another family) is a warning at most, and where
    the subject passes, as a range does that is silent in part, it is information.
    """
    struck: dict[Diagnosis, list[Observation]] = {}
    for observation in observations:
        if observation.outcome is Outcome.FAILED and observation.failure:
            struck.setdefault(BY_FAILURE[observation.failure], []).append(observation)
    limits = {judgement.subject: LIMITS.get(judgement.verdict, Severity.INFO) for judgement in judgements}
    findings = [_finding(entry, seen, limits) for entry, seen in struck.items()]
    return tuple(sorted(findings, key=lambda finding: SEVERITY_ORDER.index(finding.severity)))


def conclude(judgements: Sequence[Judgement], *, strict: bool) -> tuple[Verdict, int]:
    """The verdict of the run and its exit code."""
    verdict = worst(judgement.verdict for judgement in judgements)
    code = STRICT_WARNING if strict and verdict is Verdict.WARN else EXIT_CODES[verdict]
    return verdict, code


def _finding(entry: Diagnosis, seen: Sequence[Observation], limits: Mapping[str, Severity]) -> Finding:
    subjects = tuple(dict.fromkeys(observation.subject for observation in seen))
    targets = tuple(dict.fromkeys(str(observation.target) for observation in seen if observation.target))
    names = tuple(dict.fromkeys(_who(observation) for observation in seen))
    words = {"subjects": _few(names), "targets": _few(targets) or _few(names)}
    gravest = min((limits[subject] for subject in subjects), key=SEVERITY_ORDER.index)
    severity = max(entry.severity, gravest, key=SEVERITY_ORDER.index)
    return Finding(
        code=entry.code,
        severity=severity,
        title=entry.title,
        explanation=entry.explanation,
        action=_fill(entry.action, words),
        subjects=subjects,
        evidence=tuple(_evidence(observation) for observation in seen[:MANY]) + _rest(seen),
    )


def _who(observation: Observation) -> str:
    """The name that a network team knows: the host where there is one."""
    return (observation.target.host if observation.target else None) or observation.subject


def _fill(action: str, words: Mapping[str, str]) -> str:
    """Put the words in; plain replacement, since actions hold shell text with braces of its own."""
    for key, value in words.items():
        action = action.replace(f"{{{key}}}", value)
    return action


def _evidence(observation: Observation) -> str:
    where = str(observation.target) if observation.target else observation.title
    return f"{observation.subject} {where}: {observation.detail or observation.failure}"


def _rest(seen: Sequence[Observation]) -> tuple[str, ...]:
    return (f"and {len(seen) - MANY} more like it",) if len(seen) > MANY else ()


def _few(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:MANY])
    return f"{shown} and {len(names) - MANY} more" if len(names) > MANY else shown
