"""What the observations of one subject amount to: pure.

A name needs one address of a family proven up to HTTP for that family to count; IPv4 and IPv6 are judged apart.
A range needs one proven cell: silence from some addresses beside answers from others is a pattern, not a failure.
A family that this host has no route for at all is not held against an endpoint that the other family reaches.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.model import Failure, Judgement, Outcome, Rung, Severity, Verdict
from nimnetcheck.probe.range import Cell, map_range

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nimnetcheck.model import Finding, Observation, Target

TEMPERED = {Severity.ERROR: Verdict.FAIL, Severity.WARNING: Verdict.WARN}
NOT_JUDGED = frozenset({Failure.DEADLINE, Failure.SUBMIT_UNCERTAIN, Failure.UNKNOWN})


def judge(observations: Sequence[Observation], pressing: frozenset[Failure] = frozenset()) -> tuple[Judgement, ...]:
    """One judgement for each subject, in the order in which the subjects first appear; controls are not counted.

    What is `pressing` by its deadline counts as required.
    """
    subjects: dict[str, list[Observation]] = {}
    for observation in observations:
        if not observation.control:
            subjects.setdefault(observation.subject, []).append(observation)
    return tuple(_judge_one(subject, seen, pressing) for subject, seen in subjects.items())


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict that decides: a failure outweighs doubt, doubt a warning, a warning a pass."""
    order = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.WARN, Verdict.PASS)
    found = set(verdicts)
    return next((verdict for verdict in order if verdict in found), Verdict.SKIP)


def warn(judgements: Sequence[Judgement], findings: Sequence[Finding]) -> tuple[Judgement, ...]:
    """The judgements, those that passed tempered by what was found all the same, as a trusted interception is."""
    told = {subject: finding for finding in reversed(findings) for subject in finding.subjects}
    return tuple(_tempered(judgement, told.get(judgement.subject)) for judgement in judgements)


def _tempered(judgement: Judgement, finding: Finding | None) -> Judgement:
    verdict = TEMPERED.get(finding.severity) if finding else None
    if finding is None or verdict is None or judgement.verdict is not Verdict.PASS:
        return judgement
    return attrs.evolve(judgement, verdict=verdict, summary=f"{judgement.summary}; {finding.title}")


def _judge_one(subject: str, seen: Sequence[Observation], pressing: frozenset[Failure]) -> Judgement:
    required = any(observation.required or observation.failure in pressing for observation in seen)
    if any(observation.target for observation in seen):
        verdict, summary = _targets(seen)
    else:
        verdict, summary = _steps(seen, pressing)
    if verdict is Verdict.FAIL and not required:
        verdict = Verdict.WARN
    return Judgement(subject=subject, verdict=verdict, summary=summary, required=required)


def _steps(seen: Sequence[Observation], pressing: frozenset[Failure]) -> tuple[Verdict, str]:
    """Checks of this host, steps of a flow, or a name that never got an address."""
    failed = [observation for observation in seen if observation.outcome is Outcome.FAILED]
    passed = sum(observation.outcome is Outcome.PASSED for observation in seen)
    if not failed:
        return (Verdict.PASS, f"{passed} of {passed} passed") if passed else (Verdict.SKIP, seen[0].because)
    required = [observation for observation in failed if observation.required or observation.failure in pressing]
    decisive = (required or failed)[0]
    verdict = Verdict.FAIL if required else Verdict.WARN
    if all(observation.failure in NOT_JUDGED for observation in failed):
        verdict = Verdict.UNKNOWN
    alike = [observation for observation in failed if observation.failure is decisive.failure]
    return verdict, f"{_share(alike, seen)}{decisive.title}: {_words(decisive)}"


def _share(alike: Sequence[Observation], seen: Sequence[Observation]) -> str:
    """Of flows that the kernel judged: how many of how many fared as the one that is named; empty for steps."""
    asked = [one.evidence for one in seen if "flow" in one.evidence and one.evidence.get("leg") != "error"]
    flows = [str(evidence["flow"]) for evidence in asked]
    if len(flows) < 2 or len(flows) < len(seen):  # noqa: PLR2004 (of one there is nothing to count)
        return ""
    services = {(flow.partition(":")[0], flow.rpartition(":")[2]) for flow in flows}
    first = ", the first " if len(alike) > 1 else ": "
    return f"{len(alike)} of {len(flows)} {'addresses' if len(services) == 1 else 'flows'}{first}"


def _targets(seen: Sequence[Observation]) -> tuple[Verdict, str]:
    by_target: dict[Target, list[Observation]] = {}
    for observation in seen:
        if observation.target:
            by_target.setdefault(observation.target, []).append(observation)
    if all(target.host is None for target in by_target):
        return _range(seen)
    families = {
        version: {target: ladder for target, ladder in by_target.items() if target.address.version == version}
        for version in (4, 6)
    }
    parts = {f"IPv{version}": _family(ladders) for version, ladders in families.items() if ladders}
    return _combine(parts)


def _range(seen: Sequence[Observation]) -> tuple[Verdict, str]:
    cells = map_range(seen)
    counts = Counter(cells.values())
    others = ", ".join(f"{counts[cell]} {cell}" for cell in Cell if cell is not Cell.PROVEN and counts[cell])
    summary = f"{counts[Cell.PROVEN]} of {len(cells)} addresses proven" + (f", {others}" if others else "")
    if counts[Cell.PROVEN]:
        return (Verdict.WARN if counts[Cell.BLOCKED] else Verdict.PASS), summary
    return (Verdict.UNKNOWN if counts[Cell.NOT_JUDGED] == len(cells) else Verdict.FAIL), summary


def _family(ladders: Mapping[Target, Sequence[Observation]]) -> tuple[Verdict, str, frozenset[Failure]]:
    """How the addresses of one family fared: the verdict, in words, and the failures seen."""
    failed = [next((rung for rung in ladder if rung.outcome is Outcome.FAILED), None) for ladder in ladders.values()]
    failures = frozenset(rung.failure for rung in failed if rung and rung.failure)
    broken = [rung for rung in failed if rung]
    if not broken:
        return Verdict.PASS, f"{len(ladders)} of {len(ladders)} addresses proven", failures
    words = _words(broken[0])
    if len(broken) < len(ladders):
        good = len(ladders) - len(broken)
        return Verdict.WARN, f"{good} of {len(ladders)} addresses proven, the others: {words}", failures
    return (Verdict.UNKNOWN if failures <= NOT_JUDGED else Verdict.FAIL), words, failures


def _combine(parts: Mapping[str, tuple[Verdict, str, frozenset[Failure]]]) -> tuple[Verdict, str]:
    summary = "; ".join(f"{family} {words}" for family, (_, words, _) in parts.items())
    reached = any(verdict in (Verdict.PASS, Verdict.WARN) for verdict, _, _ in parts.values())
    if not reached:
        return worst(verdict for verdict, _, _ in parts.values()), summary
    counted = [verdict for verdict, _, failures in parts.values() if failures != {Failure.NO_ROUTE}]
    verdict = worst(counted)
    return (Verdict.WARN if verdict in (Verdict.FAIL, Verdict.UNKNOWN) else verdict), summary


def _words(observation: Observation) -> str:
    failure = str(observation.failure).replace("_", " ") if observation.failure else "failed"
    at = "" if observation.rung in (Rung.HOST, Rung.SUBMIT) else f"{observation.rung}: "
    return f"{at}{failure}" + (f" ({observation.detail})" if observation.detail else "")
