"""Observations to findings, and to the one verdict of a run: pure."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

from nimnetcheck.addresses import merge
from nimnetcheck.diagnosis.entries import BY_FAILURE, Diagnosis
from nimnetcheck.diagnosis.judgement import judge, worst
from nimnetcheck.model import Finding, Outcome, Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nimnetcheck.model import Judgement, Network, Observation

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
        if observation.outcome is Outcome.FAILED and observation.failure and not observation.control:
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
    names = tuple(dict.fromkeys(_who(observation) for observation in seen))
    words = {"subjects": _few(names), "targets": _few(_where(seen)) or _few(names)}
    gravest = min((limits[subject] for subject in subjects), key=SEVERITY_ORDER.index)
    return Finding(
        code=entry.code,
        severity=max(entry.severity, gravest, key=SEVERITY_ORDER.index),
        title=entry.title,
        explanation=entry.explanation,
        action=_fill(entry.action, words),
        subjects=subjects,
        evidence=_evidence(seen),
    )


def _evidence(seen: Sequence[Observation]) -> tuple[str, ...]:
    """What the machine said, and of whom; the same words of many addresses are one line."""
    alike: dict[tuple[str, str], list[Observation]] = {}
    for observation in seen:
        said = observation.detail or str(observation.failure)
        alike.setdefault((observation.subject, said), []).append(observation)
    lines = []
    for (subject, said), group in alike.items():
        where = _few(_where(group)) or _few(tuple(dict.fromkeys(observation.title for observation in group)))
        lines.append(f"{subject}, {where}: {said}")
    return (*lines[:MANY], f"and {len(lines) - MANY} more") if len(lines) > MANY else tuple(lines)


def _where(seen: Sequence[Observation]) -> tuple[str, ...]:
    """The targets, those of a range merged into the fewest prefixes."""
    targets = dict.fromkeys(observation.target for observation in seen if observation.target)
    named = [str(target) for target in targets if target.host]
    by_port: dict[int, list[Network]] = {}
    for target in targets:
        if target.host is None:
            by_port.setdefault(target.port, []).append(ip_network(target.address))
    merged = [_at(network, port) for port, networks in by_port.items() for network in merge(networks)]
    return (*named, *merged)


def _at(network: Network, port: int) -> str:
    text = str(network.network_address) if network.num_addresses == 1 else str(network)
    return f"[{text}]:{port}" if network.version == 6 else f"{text}:{port}"  # noqa: PLR2004 (IP version)


def _fill(action: str, words: Mapping[str, str]) -> str:
    """Put the words in; plain replacement, since actions hold shell text with braces of its own."""
    for key, value in words.items():
        action = action.replace(f"{{{key}}}", value)
    return action


def _who(observation: Observation) -> str:
    """The name that a network team knows: the host where there is one."""
    return (observation.target.host if observation.target else None) or observation.subject


def _few(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:MANY])
    return f"{shown} and {len(names) - MANY} more" if len(names) > MANY else shown
