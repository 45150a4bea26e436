"""A saved report is read back as it was seen and judged the same; a hostile file is refused in one line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Callable

import attrs
import pytest

from nimnetcheck.errors import InputError
from nimnetcheck.report import saved
from nimnetcheck.report.json import render
from nimnetcheck.report.style import Style

if TYPE_CHECKING:
    from pathlib import Path

    from nimnetcheck.model import Report

Change = Callable[[Any], object]


def document(report: Report) -> Any:  # noqa: ANN401 (a JSON document)
    return json.loads(render(report, Style()))


def test_a_report_comes_back_the_same(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text(render(report, Style()), encoding="utf-8")
    again = saved.read(path).report()
    assert again.findings == report.findings
    assert again.observations == report.observations
    assert attrs.evolve(again, observations=()) == attrs.evolve(report, observations=())
    assert render(again, Style()) == render(report, Style())


def test_a_report_of_an_earlier_minor_version_is_read(report: Report) -> None:
    old = document(report)
    old["schema_version"] = "1.0"
    for finding in old["findings"]:
        del finding["scope"]
    assert saved.parse(old, "old.json").report().findings == report.findings


def test_strict_is_the_reader_s_wish(report: Report) -> None:
    assert saved.parse(document(report), "r", strict=True).run.strict


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.update(schema_version="2.0"), "not a report of nimnetcheck, schema_version 1"),
        (lambda d: d.update(schema_version="1.999"), "made by a newer nimnetcheck"),
        (lambda d: d.update(schema_version="1.x"), "not a report of nimnetcheck"),
        (lambda d: d["tool"].update(name="other"), "not a report of nimnetcheck"),
        (lambda d: d.update(run_id="../../etc"), "run_id: twelve hexadecimal digits"),
        (lambda d: d.update(started_at="yesterday"), "started_at: a time as in RFC 3339"),
        (lambda d: d.update(started_at="2026-11-24T12:00:00"), "started_at: a time with its zone"),
        (lambda d: d.update(surprise=1), "no field 'surprise' is known"),
        (lambda d: d.pop("observations"), "observations: missing"),
        (
            lambda d: d["observations"][0].update(failure="tcp_refused"),
            r"observations\[0\]: what failed, and only that",
        ),
        (lambda d: d["observations"][0].update(subject="a\x1b[2Jb"), r"observations\[0\].subject: one line"),
        (lambda d: d["observations"][1]["target"].update(host="a; reboot"), r"target.host: a host name is expected"),
        (lambda d: d["observations"][1]["target"].update(port=0), r"observations\[1\].target.port: a whole number"),
        (lambda d: d["observations"][1]["target"]["dialled"].update(address="x"), "dialled.address: an IP address"),
        (lambda d: d["observations"][1].update(more=1), r"observations\[1\]: no field 'more' is known"),
        (lambda d: d["effective_config"][0].update(value=5), r"effective_config\[0\].value: a text"),
    ],
)
def test_a_report_that_does_not_fit_is_refused_in_one_line(report: Report, change: Change, words: str) -> None:
    broken = document(report)
    change(broken)
    with pytest.raises(InputError, match=words) as refused:
        saved.parse(broken, "report.json")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 1_000_000, "not JSON"),
        (b"1" * 10_000, "not JSON"),
        (b"[]", "an object is expected"),
        (b"null", "an object is expected"),
        (b"\x1f\x8b", "not JSON"),
    ],
)
def test_what_is_no_report_is_refused_in_one_line(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(data)
    with pytest.raises(InputError, match=words):
        saved.read(path)


def test_a_file_that_is_too_long_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(b" " * 100)
    monkeypatch.setattr(saved, "MAX_BYTES", 99)
    with pytest.raises(InputError, match="no report is"):
        saved.read(path)


def test_a_file_that_is_not_there_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file"):
        saved.read(tmp_path / "missing.json")
