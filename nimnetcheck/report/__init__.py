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


TICKETS: Mapping[str, str] = {
    "network": "nimnetcheck.report.ticket_network",
    "vendor": "nimnetcheck.report.ticket_vendor",
}
"""The module of each page to hand on, with its `ticket(report)`."""
SHEETS = ("text", "markdown")
"""What such a page can be written in."""


def render_ticket(report: Report, ticket: str, form: str) -> str:
    """A page about the report for somebody else, in text or Markdown."""
    from nimnetcheck.report import sheet  # noqa: PLC0415 (tabulate, which no other form but text needs)

    blocks = import_module(TICKETS[ticket]).ticket(report)
    return sheet.markdown(blocks) if form == "markdown" else sheet.text(blocks)


def render(report: Report, form: str, style: Style) -> str:
    """The report in one of its forms."""
    text: str = import_module(FORMS[form]).render(report, style)
    return text
