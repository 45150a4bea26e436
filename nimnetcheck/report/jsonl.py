"""The report as JSON lines: one observation a line, in the order in which they were seen, then everything else.

Each line says its `type` and `run_id`, so that the lines of many hosts can lie in one file. The last line without
`type`, with the others as its `observations`, is the document of `-o json`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nimnetcheck.report.json import document, observed

if TYPE_CHECKING:
    from nimnetcheck.model import Observation, Report
    from nimnetcheck.report.style import Style


def render(report: Report, style: Style) -> str:  # noqa: ARG001 (every form has this signature)
    """All lines of a finished report."""
    return "".join([*(line(observation, report.run_id) for observation in report.observations), last(report)])


def line(observation: Observation, run_id: str) -> str:
    """The line of one observation."""
    return _dumps({"type": "observation", "run_id": run_id, **observed(observation)})


def last(report: Report) -> str:
    """The line that ends a run: all but the observations."""
    rest = {key: value for key, value in document(report).items() if key != "observations"}
    return _dumps({"type": "report", **rest})


def _dumps(fields: dict[str, Any]) -> str:
    return json.dumps(fields, separators=(",", ":")) + "\n"
