"""What a far side, a log or a saved report made up reaches no screen and no consumer as more than text, in any form."""

from __future__ import annotations

from html.parser import HTMLParser

import attrs
import pytest

from nimnetcheck.model import Observation, Report, Setting
from nimnetcheck.report import FORMS, TICKETS, render, render_ticket
from nimnetcheck.report.style import Style
from tests.report.stored import read
from tests.report.test_golden import FOLDER, RUNS

HOSTILE = "\x1b[2J\x07\x9b2J<script>x</script>`|[a](b)\u202e\u2028\x00"
OBEYED = ("\x1b", "\x07", "\x9b", "\x00", "\u202e", "\u2028")
TAG = "<script>"
PLAIN = frozenset({"json", "jsonl", "text", "tap"})  # a tag is only text there


def poisoned(value: object) -> object:
    if isinstance(value, dict):
        return {key: poisoned(item) for key, item in value.items()}
    if isinstance(value, list):
        return [poisoned(item) for item in value]
    return value + HOSTILE if isinstance(value, str) else value


def poison(observation: Observation) -> Observation:
    evidence = {key: poisoned(value) for key, value in observation.evidence.items()}
    because = observation.because and observation.because + HOSTILE
    return attrs.evolve(observation, detail=observation.detail + HOSTILE, because=because, evidence=evidence)


class Shown(HTMLParser):
    """The tags that a reader of Markdown makes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 (the standard library's signature)
        """Take note of one."""
        self.tags.add(tag)


@pytest.fixture(params=RUNS)
def hostile(request: pytest.FixtureRequest) -> Report:
    report = read(FOLDER / request.param / "report.json")
    return attrs.evolve(
        report,
        host=report.host + HOSTILE,
        settings=(Setting(key="k" + HOSTILE, value="v" + HOSTILE, source="s" + HOSTILE),),
        notes=(HOSTILE,),
        judgements=tuple(attrs.evolve(each, summary=each.summary + HOSTILE) for each in report.judgements),
        findings=tuple(
            attrs.evolve(each, evidence=(HOSTILE,), settle=HOSTILE, commands=(HOSTILE,)) for each in report.findings
        ),
        observations=tuple(poison(each) for each in report.observations),
    )


@pytest.mark.parametrize("form", FORMS)
def test_no_form_passes_on_what_a_screen_obeys(hostile: Report, form: str) -> None:
    text = render(hostile, form, Style(verbose=2))
    assert [each for each in OBEYED if each in text] == []
    assert form in PLAIN or TAG not in text


@pytest.mark.parametrize("ticket", TICKETS)
@pytest.mark.parametrize("form", ["text", "markdown"])
def test_no_page_to_hand_on_does(hostile: Report, ticket: str, form: str) -> None:
    text = render_ticket(hostile, ticket, form)
    assert [each for each in OBEYED if each in text] == []
    if form == "markdown":
        shown = Shown()
        shown.feed(pytest.importorskip("markdown").markdown(text, extensions=["tables", "fenced_code"]))
        assert "h1" in shown.tags
        assert shown.tags & {"script", "a", "img"} == set()
