"""JSON lines: every line stands alone, and all together are the JSON document."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nimnetcheck.report import json as whole
from nimnetcheck.report.jsonl import line, render
from nimnetcheck.report.style import Style

if TYPE_CHECKING:
    from nimnetcheck.model import Report


def test_the_lines_together_are_the_document(report: Report) -> None:
    *observations, last = [json.loads(text) for text in render(report, Style()).splitlines()]
    assert {observation.pop("type") for observation in observations} == {"observation"}
    assert {observation.pop("run_id") for observation in observations} == {report.run_id}
    assert last.pop("type") == "report"
    assert {**last, "observations": observations} == json.loads(whole.render(report, Style()))


def test_a_line_is_one_line_whatever_is_in_it(report: Report) -> None:
    assert [line(observation, "r").count("\n") for observation in report.observations] == [1] * 8
    assert "\x1b" not in render(report, Style())
