"""The report as JUnit XML: what CI servers show beside a build.

A failed subject is a failure, one that could not be judged an error, one that was not tried skipped; so the file has
failures or errors exactly where the exit code is 1 or 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from nimnetcheck.model import Verdict
from nimnetcheck.report.cases import PLAIN, cases

if TYPE_CHECKING:
    from nimnetcheck.model import Report
    from nimnetcheck.report.cases import Case
    from nimnetcheck.report.style import Style

ELEMENTS = {Verdict.FAIL: "failure", Verdict.UNKNOWN: "error", Verdict.SKIP: "skipped"}


def render(report: Report, style: Style) -> str:  # noqa: ARG001 (every form has this signature)
    """One suite for the run, one case for each subject."""
    told = cases(report)
    count = {element: sum(case.verdict is verdict for case in told) for verdict, element in ELEMENTS.items()}
    totals = {
        "name": f"nimnetcheck {report.command}",
        "tests": str(len(told)),
        "failures": str(count["failure"]),
        "errors": str(count["error"]),
        "time": f"{report.duration_s:.3f}",
    }
    root = ET.Element("testsuites", totals)
    when = f"{report.started_at:%Y-%m-%dT%H:%M:%S}"
    frame = {"skipped": str(count["skipped"]), "timestamp": when, "hostname": PLAIN.safe(report.host)}
    suite = ET.SubElement(root, "testsuite", {**totals, **frame})
    properties = ET.SubElement(suite, "properties")
    for name, value in _properties(report).items():
        ET.SubElement(properties, "property", {"name": PLAIN.safe(name), "value": PLAIN.safe(value)})
    for case in told:
        _add(suite, case, report.command)
    ET.SubElement(suite, "system-out").text = "\n".join(PLAIN.safe(note) for note in (report.headline, *report.notes))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _properties(report: Report) -> dict[str, str]:
    settings = {setting.key: setting.value for setting in report.settings}
    return {"run_id": report.run_id, "verdict": report.verdict, "exit_code": str(report.exit_code), **settings}


def _add(suite: ET.Element, case: Case, command: str) -> None:
    named = {"classname": f"nimnetcheck.{command}", "name": case.subject, "time": f"{case.elapsed_s:.3f}"}
    element = ET.SubElement(suite, "testcase", named)
    kind = ELEMENTS.get(case.verdict)
    if kind:
        ET.SubElement(element, kind, {"message": case.summary}).text = "\n".join(case.lines) or None
        return
    text = "\n".join((f"{case.verdict}: {case.summary}", *case.lines))
    ET.SubElement(element, "system-out").text = text
