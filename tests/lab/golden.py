"""What a scenario shows, kept as a report that can be judged again without any network: `python -m tests.lab.golden`.

With names only those are staged anew. What differs from run to run (times, certificates, round trips) is made the same,
and nothing that a condition reads.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.lab import outside
from tests.lab.scenarios import SCENARIOS

FOLDER = Path(__file__).parents[1] / "cases"
AT_ONCE = 2
TOP = {
    "run_id": "000000000000",
    "started_at": "2026-11-25T08:00:00.000Z",
    "duration_s": 1.0,
    "host": "client",
    "effective_config": [],
}
SAME: dict[str, object] = {
    "started_s": 0.0,
    "rtt_ms": 0.5,
    "date": "Wed, 25 Nov 2026 08:00:00 GMT",
    "serial": "1",
    "sha256": "0" * 64,
    "not_before": "2026-11-25T00:00:00Z",
    "not_after": "2027-11-25T00:00:00Z",
}


def path(name: str) -> Path:
    """Where the case of a scenario is kept."""
    return FOLDER / f"{name}.json"


def normalise(report: dict[str, Any]) -> dict[str, Any]:
    """The report with one value in the place of every one that differs from run to run; pure."""
    same: dict[str, Any] = _walk(report)
    return {**same, **TOP}


def write(names: list[str]) -> None:
    """Stage the scenarios that can be, and keep what they show; without names all, and no case of another is left."""
    FOLDER.mkdir(exist_ok=True)
    wanted = [name for name in names or SCENARIOS if not outside.why_not_as(name)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for name, report in zip(wanted, pool.map(outside.report, wanted)):
            path(name).write_text(json.dumps(normalise(report), indent=1, sort_keys=True) + "\n", encoding="utf-8")
            print(name, *(finding["code"] for finding in report["findings"]))  # noqa: T201 (a command's progress)
    if not names:
        for stale in set(FOLDER.glob("*.json")) - {path(name) for name in SCENARIOS}:
            stale.unlink()


def _walk(value: Any) -> Any:  # noqa: ANN401 (JSON)
    if isinstance(value, dict):
        return {key: SAME[key] if key in SAME and inner is not None else _walk(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_walk(inner) for inner in value]
    return round(value, 1) if isinstance(value, float) else value


if __name__ == "__main__":
    write(sys.argv[1:])
