"""The report in the Test Anything Protocol, version 13: one line for each subject, its reasons in YAML below.

A subject that could not be judged is `not ok` like one that failed: what is not judged is never shown as passed.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nimnetcheck.model import Verdict
from nimnetcheck.report.cases import cases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.model import Report
    from nimnetcheck.report.cases import Case
    from nimnetcheck.report.style import Style

NOT_OK = frozenset({Verdict.FAIL, Verdict.UNKNOWN})


def render(report: Report, style: Style) -> str:  # noqa: ARG001 (every form has this signature)
    """The plan, the lines, and the headline as a comment."""
    told = cases(report)
    lines = ["TAP version 13", f"1..{len(told)}" if told else "1..0 # SKIP nothing was checked"]
    for number, case in enumerate(told, start=1):
        lines += _case(number, case)
    return "\n".join([*lines, f"# {report.verdict}: {report.headline}"]) + "\n"


def _case(number: int, case: Case) -> Iterator[str]:
    word = "not ok" if case.verdict in NOT_OK else "ok"
    skip = f" # SKIP {_flat(case.summary)}" if case.verdict is Verdict.SKIP else ""
    yield f"{word} {number} - {case.subject}{skip}"
    if skip:
        return
    yield "  ---"
    yield f"  verdict: {case.verdict}"
    yield f"  message: {_quoted(case.summary)}"
    yield f"  duration_ms: {case.elapsed_s * 1000:.0f}"
    if case.lines:
        yield "  because:"
        yield from (f"    - {_quoted(line)}" for line in case.lines)
    yield "  ..."


def _flat(text: str) -> str:
    """One line without a `#`, which would begin a directive."""
    return " ".join(text.split()).replace("#", "\\#")


def _quoted(text: str) -> str:
    """A YAML string: JSON's are."""
    return json.dumps(text, ensure_ascii=False)
