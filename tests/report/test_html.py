"""The page for a browser: whole, hostile to nothing, and readable where people read it."""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import TYPE_CHECKING

import attrs
import pytest

from nimnetcheck.model import Failure, Rung
from nimnetcheck.report.html import render
from nimnetcheck.report.style import Style
from tests.report.browser import DARK, LIGHT, measure, run
from tests.report.seen import looked_up, saw
from tests.report.seen import report as reported

if TYPE_CHECKING:
    from pathlib import Path

    from nimnetcheck.model import Report

PHONE, DESK = 390, 1200
LARGEST = 4_000_000


@pytest.fixture
def thousand() -> Report:
    """A thousand targets, of which every tenth is silent."""
    addresses = list(ip_network("159.60.120.0/22"))[:1000]
    seen = [
        observation
        for at, address in enumerate(addresses)
        for observation in (
            saw(Rung.TCP, None if at % 10 else Failure.TCP_TIMEOUT, address=str(address), host=None, subject="range"),
            saw(Rung.TLS, skipped=not at % 10, address=str(address), host=None, subject="range"),
        )
    ]
    return reported([*seen, looked_up("3.135.72.139"), saw(Rung.TCP), saw(Rung.TLS), saw(Rung.HTTP)])


def test_the_verdict_stands_first_and_every_finding_with_its_code_evidence_and_fix(report: Report) -> None:
    page = render(report, Style())
    assert "<h1>2 of 4 failed: usage, nim-2.22-disconnected.</h1>" in page
    for finding in report.findings:
        assert f"<code>{finding.code}</code>" in page
    assert page.count("<b>Do:</b>") == len(report.findings)
    assert page.index("<h1>") < page.index(report.findings[0].code) < page.index("Everything else")


def test_it_loads_nothing_and_runs_nothing(report: Report) -> None:
    page = render(report, Style())
    assert "default-src 'none'" in page
    assert re.findall(r"<(?:script|link|img|iframe|object|embed|form)\b|\bsrc=|url\(|@import", page) == []
    assert re.findall(r"\son\w+=", page) == []


def test_markup_from_outside_stays_text(report: Report) -> None:
    hostile = "<script>alert(1)</script>`<img src=x onerror=y>`\x1b[2J\u202e"
    finding = attrs.evolve(report.findings[0], explanation=hostile, action=hostile, title=hostile)
    seen = attrs.evolve(report.observations[2], detail=hostile, title=hostile, evidence={"rtt": hostile})
    broken = attrs.evolve(report, host=hostile, headline=hostile, findings=(finding,), observations=(seen,))
    page = render(broken, Style())
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "\x1b" not in page
    assert "\u202e" not in page


def test_what_is_quoted_is_set_as_code(report: Report) -> None:
    finding = attrs.evolve(report.findings[0], action="Run `nft -a <x>` first.", explanation="one ` alone")
    page = render(attrs.evolve(report, findings=(finding,)), Style())
    assert "Run <code>nft -a &lt;x&gt;</code> first." in page
    assert "one ` alone" in page


def test_an_empty_report_is_a_page_too(report: Report) -> None:
    page = render(attrs.evolve(report, findings=(), judgements=(), observations=(), settings=()), Style())
    assert "What is wrong" not in page
    assert "</html>" in page


def test_a_thousand_targets_make_a_page_of_bearable_size(thousand: Report) -> None:
    page = render(thousand, Style())
    assert page.count('class="cell good"') >= 900
    assert len(page.encode()) < LARGEST


@pytest.mark.slow
@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_a_browser_shows_all_of_it_with_contrast_and_nothing_beyond_the_edge(
    report: Report, tmp_path: Path, width: int, scheme: int
) -> None:
    seen = measure(render(report, Style()), tmp_path, width=width, scheme=scheme)
    assert seen["heading"] == report.headline
    assert seen["paper"] == {LIGHT: "rgb(251, 250, 247)", DARK: "rgb(20, 23, 27)"}[scheme]
    assert seen["spoken"] > 50
    assert seen["faint"] == []
    assert (seen["scroll"], seen["wide"]) == (seen["width"], [])
    assert (seen["pictures"] > 3, seen["mute"]) == (True, 0)
    assert (seen["scripts"], seen["loaded"], seen["asked"]) == (0, 0, ["/", "/page"])


@pytest.mark.slow
def test_a_browser_shows_a_thousand_targets(thousand: Report, tmp_path: Path) -> None:
    seen = measure(render(thousand, Style()), tmp_path, width=DESK, scheme=LIGHT)
    assert seen["cells"] == 1000
    assert (seen["scroll"], seen["faint"]) == (seen["width"], [])


@pytest.mark.slow
def test_it_prints(report: Report, tmp_path: Path) -> None:
    page, paper = tmp_path / "page.html", tmp_path / "page.pdf"
    page.write_text(render(report, Style()), encoding="utf-8")
    run(tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={paper}", page.as_uri())
    printed = paper.read_bytes()
    assert printed.startswith(b"%PDF")
    assert 1 <= printed.count(b"/Type /Page\n") <= 6
