"""Observations to findings, and to the one verdict of a run: pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.diagnosis.causes import find
from nimnetcheck.diagnosis.context import LOGS, ON_THE_WAY, Context
from nimnetcheck.diagnosis.entries import DIAGNOSES
from nimnetcheck.diagnosis.judgement import judge, warn, worst
from nimnetcheck.diagnosis.words import MANY, evidence, fill, placeholders
from nimnetcheck.model import Confidence, Finding, Outcome, Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nimnetcheck.diagnosis.causes import Cause
    from nimnetcheck.diagnosis.entry import Diagnosis
    from nimnetcheck.model import Failure, Judgement, Observation

__all__ = ["conclude", "diagnose", "judge", "warn"]

EXIT_CODES = {Verdict.PASS: 0, Verdict.WARN: 0, Verdict.SKIP: 0, Verdict.FAIL: 1, Verdict.UNKNOWN: 3}
STRICT_WARNING = 4
LOG_ALONE = "A log alone tells so, and no probe looked at it: what follows is what it means where one does."
LIMITS = {Verdict.FAIL: Severity.ERROR, Verdict.UNKNOWN: Severity.ERROR, Verdict.WARN: Severity.WARNING}
SEVERITY_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def diagnose(
    observations: Sequence[Observation], judgements: Sequence[Judgement], pressing: frozenset[Failure] = frozenset()
) -> tuple[Finding, ...]:
    """One finding for each cause, with everything it struck as its scope; the gravest first, then the lowest layer.

    A failure on a subject that works all the same (another address, another family) is a warning at most, and where
    the subject passes, as a range does that is silent in part, it is information. What passed can carry a warning.
    What is `pressing` by its deadline is an error.
    """
    limits = {judgement.subject: LIMITS.get(judgement.verdict, Severity.INFO) for judgement in judgements}
    context = Context(observations=tuple(observations))
    causes = sorted(find(context), key=lambda cause: DIAGNOSES.index(cause.entry))
    findings = [_finding(cause, limits, context, pressing) for cause in causes]
    return tuple(sorted(findings, key=lambda finding: SEVERITY_ORDER.index(finding.severity)))


def conclude(judgements: Sequence[Judgement], *, strict: bool) -> tuple[Verdict, int]:
    """The verdict of the run and its exit code."""
    verdict = worst(judgement.verdict for judgement in judgements)
    code = STRICT_WARNING if strict and verdict is Verdict.WARN else EXIT_CODES[verdict]
    return verdict, code


def _finding(cause: Cause, limits: Mapping[str, Severity], context: Context, pressing: frozenset[Failure]) -> Finding:
    entry, words = cause.entry, placeholders(cause.seen)
    gravest = min((_limit(entry, seen, limits) for seen in cause.seen), key=SEVERITY_ORDER.index)
    severity = max(entry.severity, gravest, key=SEVERITY_ORDER.index)
    return Finding(
        code=entry.code,
        severity=Severity.ERROR if any(seen.failure in pressing for seen in cause.seen) else severity,
        scope=cause.scope,
        title=entry.title,
        explanation=f"{LOG_ALONE} {entry.explanation}" if _is_told_alone(cause, context) else entry.explanation,
        action=fill(entry.action, words),
        subjects=tuple(dict.fromkeys(seen.subject for seen in cause.seen)),
        evidence=(*evidence(cause.seen), *_proofs(cause, context)),
        confidence=Confidence.POSSIBLE if _is_told_alone(cause, context) else entry.confidence,
        alternatives=entry.alternatives,
        settle=fill(entry.settle, words),
        commands=tuple(fill(command, words) for command in entry.commands),
        explains=cause.explains,
    )


def _is_told_alone(cause: Cause, context: Context) -> bool:
    """Whether only a log tells of a cause on the way, and of a host that nothing probed."""
    probed = [one.target.host for one in context.observations if one.target and not one.control]
    return all(
        seen.subject == LOGS and seen.rung in ON_THE_WAY and seen.evidence.get("host") not in probed
        for seen in cause.seen
    )


def _proofs(cause: Cause, context: Context) -> tuple[str, ...]:
    """What tells the cause from its look-alikes: once a subject, since one address was looked at for all of it."""
    proof = cause.entry.proof
    first = {seen.subject: seen for seen in reversed(cause.seen)}
    said = dict.fromkeys(proof(first[subject], context) for subject in reversed(first)) if proof else {}
    return tuple(line for line in said if line)[:MANY]


def _limit(entry: Diagnosis, observation: Observation, limits: Mapping[str, Severity]) -> Severity:
    if observation.outcome is Outcome.PASSED:
        return Severity.ERROR if entry.grave else Severity.WARNING
    return limits[observation.subject]
