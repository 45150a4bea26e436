"""The report as one JSON document; `report.schema.json` beside this file is its schema, and says what is stable."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nimnetcheck import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimnetcheck.model import Finding, Observation, Report, Target
    from nimnetcheck.report.style import Style

SCHEMA_VERSION = "1.1"


def envelope(**fields: object) -> dict[str, Any]:
    """The fields that every document of this tool begins with, and then its own."""
    return {"schema_version": SCHEMA_VERSION, "tool": {"name": "nimnetcheck", "version": __version__}, **fields}


def dumps(document: Mapping[str, Any]) -> str:
    """JSON for machines that people may have to read: two spaces, one line end, and ASCII, which no screen obeys."""
    return json.dumps(document, indent=2) + "\n"


def render(report: Report, style: Style) -> str:  # noqa: ARG001 (every form has this signature)
    """The report, whole; colour, width and verbosity do not change it."""
    return dumps(document(report))


def document(report: Report) -> dict[str, Any]:
    """The report as JSON values."""
    counts: dict[str, int] = {}
    for judgement in report.judgements:
        counts[str(judgement.verdict).lower()] = counts.get(str(judgement.verdict).lower(), 0) + 1
    return envelope(
        command=report.command,
        run_id=report.run_id,
        started_at=report.started_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        duration_s=round(report.duration_s, 3),
        host=report.host,
        effective_config=[{"key": s.key, "value": s.value, "source": s.source} for s in report.settings],
        summary={
            "verdict": str(report.verdict),
            "exit_code": report.exit_code,
            "headline": report.headline,
            "counts": counts,
        },
        deadlines=[
            {"name": d.name, "due": d.due.isoformat(), "days_left": d.days_left, "words": d.words, "source": d.source}
            for d in report.deadlines
        ],
        judgements=[
            {"subject": j.subject, "verdict": str(j.verdict), "summary": j.summary, "required": j.required}
            for j in report.judgements
        ],
        findings=[_finding(finding) for finding in report.findings],
        observations=[observed(observation) for observation in report.observations],
        notes=list(report.notes),
    )


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "scope": str(finding.scope),
        "confidence": str(finding.confidence),
        "title": finding.title,
        "explanation": finding.explanation,
        "action": finding.action,
        "subjects": list(finding.subjects),
        "evidence": list(finding.evidence),
        "alternatives": list(finding.alternatives),
        "settle": finding.settle,
        "commands": list(finding.commands),
        "explains": list(finding.explains),
        "page": finding.page,
    }


def observed(observation: Observation) -> dict[str, Any]:
    """One observation as JSON values."""
    return {
        "subject": observation.subject,
        "rung": str(observation.rung),
        "title": observation.title,
        "outcome": str(observation.outcome),
        "failure": str(observation.failure) if observation.failure else None,
        "because": observation.because,
        "detail": observation.detail,
        "required": observation.required,
        "control": observation.control,
        "target": _target(observation.target),
        "started_s": round(observation.started_s, 4),
        "elapsed_s": round(observation.elapsed_s, 4),
        "evidence": dict(observation.evidence),
    }


def _target(target: Target | None) -> dict[str, Any] | None:
    if target is None:
        return None
    address, port = target.dialled
    return {
        "host": target.host,
        "address": str(target.address),
        "port": target.port,
        "dialled": {"address": str(address), "port": port},
    }
