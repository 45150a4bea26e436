"""A stored report as it was, verdicts and findings included: forms are compared, not diagnoses."""

from __future__ import annotations

import json
from datetime import datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from nimnetcheck.model import (
    Confidence,
    Deadline,
    Failure,
    Finding,
    Judgement,
    Observation,
    Outcome,
    Report,
    Rung,
    Scope,
    Setting,
    Severity,
    Target,
    Verdict,
)

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path) -> Report:
    """Everything in the document; nothing is judged anew."""
    document = json.loads(path.read_text(encoding="utf-8"))
    summary = document["summary"]
    return Report(
        command=document["command"],
        run_id=document["run_id"],
        started_at=_moment(document["started_at"]),
        duration_s=document["duration_s"],
        host=document["host"],
        verdict=Verdict(summary["verdict"]),
        exit_code=summary["exit_code"],
        headline=summary["headline"],
        settings=tuple(Setting(**fields) for fields in document["effective_config"]),
        deadlines=tuple(Deadline(**{**fields, "due": _moment(fields["due"])}) for fields in document["deadlines"]),
        judgements=tuple(Judgement(**{**f, "verdict": Verdict(f["verdict"])}) for f in document["judgements"]),
        findings=tuple(_finding(fields) for fields in document["findings"]),
        observations=tuple(_observation(fields) for fields in document["observations"]),
        notes=tuple(document["notes"]),
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _finding(fields: dict[str, Any]) -> Finding:
    kinds = {"severity": Severity, "scope": Scope, "confidence": Confidence}
    taken: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in fields.items() if key != "page"
    }
    return Finding(**{**taken, **{key: kind(fields[key]) for key, kind in kinds.items()}})


def _observation(fields: dict[str, Any]) -> Observation:
    kinds = {"rung": Rung(fields["rung"]), "outcome": Outcome(fields["outcome"])}
    failure = Failure(fields["failure"]) if fields["failure"] else None
    return Observation(**{**fields, **kinds, "failure": failure, "target": _target(fields["target"])})


def _target(fields: dict[str, Any] | None) -> Target | None:
    if fields is None:
        return None
    own = (ip_address(fields["address"]), fields["port"])
    dialled = (ip_address(fields["dialled"]["address"]), fields["dialled"]["port"])
    return Target(address=own[0], port=own[1], host=fields["host"], dial=None if own == dialled else dialled)
