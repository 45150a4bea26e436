"""A report becomes text: one file per form; pure."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimnetcheck.model import Report
    from nimnetcheck.report.style import Style

FORMS: Mapping[str, str] = {
    "text": "nimnetcheck.report.text",
    "json": "nimnetcheck.report.json",
    "html": "nimnetcheck.report.html",
    "jsonl": "nimnetcheck.report.jsonl",
    "junit": "nimnetcheck.report.junit",
    "tap": "nimnetcheck.report.tap",
    "prometheus": "nimnetcheck.report.prometheus",
}
"""The module of each form, with its `render(report, style)`; imported when it is asked for."""


def render(report: Report, form: str, style: Style) -> str:
    """The report in one of its forms."""
    text: str = import_module(FORMS[form]).render(report, style)
    return text
