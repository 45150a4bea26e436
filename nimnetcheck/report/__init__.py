"""A report becomes text: one file per form; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from nimnetcheck.report import json, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimnetcheck.model import Report
    from nimnetcheck.report.style import Style

FORMS: Mapping[str, Callable[[Report, Style], str]] = {"text": text.render, "json": json.render}
