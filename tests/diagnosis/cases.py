"""Cases: what was seen, as a saved report holds it (what is left out has its default), and what must be found in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nimnetcheck.report.json import envelope

FOLDER = Path(__file__).parents[1] / "cases"
FRAME = {
    "command": "diagnose",
    "run_id": "000000000000",
    "started_at": "2026-11-25T08:00:00.000Z",
    "duration_s": 1.0,
    "host": "nim-01",
    "effective_config": [],
    "notes": [],
}
DEFAULTS: dict[str, Any] = {
    "failure": None,
    "because": "",
    "detail": "",
    "required": True,
    "control": False,
    "target": None,
    "started_s": 0.0,
    "elapsed_s": 0.0,
    "evidence": {},
}


def cases(folder: str) -> dict[str, Any]:
    """The cases of a folder by their names."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted((FOLDER / folder).glob("*.json"))
    }


def document(case: Any) -> Any:  # noqa: ANN401 (a JSON document)
    """A case as a saved report."""
    return envelope(**FRAME, observations=[_whole(one) for one in case["observations"]])


def _whole(observation: dict[str, Any]) -> dict[str, Any]:
    target = observation.get("target")
    if target:
        target = {"dialled": {"address": target["address"], "port": target["port"]}, **target}
    return {**DEFAULTS, **observation, "target": target}
