"""The client is killed at each of its steps and started again: every file arrives once, and none is forgotten."""

from __future__ import annotations

import itertools
import json
import shutil
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.submission.journal import TAKEN
from tests.submission.lives import Site, site

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow
KILLED, UNCERTAIN, REFUSED = 9, 3, 2
CLOSING, DECIDING = 6, 4  # steps at the end of every life, and those of a decision
UPLOAD = (16, 28)  # the steps in which a bulk report is sent, taken, and noted
NOTES = 2  # lines of the journal for each file: sending, taken


def last_notes(results: Path) -> dict[str, str]:
    """What the journal says last of each file."""
    notes = map(json.loads, (results / "journal.jsonl").read_text().splitlines())
    return {note["key"]: note["what"] for note in notes if note["key"] not in {"report.zip", "submission"}}


def decide(there: Site, results: Path, before: Counter[str]) -> str:
    """The user's word: where a file is uncertain, what the other side knows of it."""
    doubtful = [key for key, what in last_notes(results).items() if what == "sending"]
    assert len(doubtful) <= 1, "never more than one"
    if not doubtful:
        return "hold"
    return "taken" if (there.taken() - before)[doubtful[0]] else "send"


def test_killed_at_every_step_of_a_small_submission(tmp_path: Path) -> None:
    """Each step has a submission of its own, which dies there and is taken up again."""
    words: Counter[str] = Counter()
    with site(tmp_path, files=2) as there:
        steps = there.live(tmp_path / "whole")["steps"]
        for dies_at in range(1, steps + 1):
            before, results = there.taken(), tmp_path / str(dies_at)
            assert there.live(results, dies_at)["signal"] == KILLED
            complete = "complete" in (results / "journal.jsonl").read_text()
            end = there.live(results)
            word = decide(there, results, before)
            words[word] += 1
            assert end["exit"] == (UNCERTAIN if word != "hold" else REFUSED if complete else 0)
            assert word == "hold" or there.live(results, uncertain=word)["exit"] == 0
            assert there.taken() - before == Counter(there.sums.values()), f"killed at step {dies_at}"
    assert min(words["hold"], words["taken"], words["send"]) >= 2, "each case was struck, for each of the files"


def forget(results: Path, files: int) -> None:
    """Take the notes on so many files, the last ones, out of a journal, and that all of it is complete."""
    lines = [
        line for line in (results / "journal.jsonl").read_text().splitlines(keepends=True) if "complete" not in line
    ]
    (results / "journal.jsonl").write_text("".join(lines[: len(lines) - files * NOTES]))


def steps_without(there: Site, results: Path, files: int) -> int:
    """The steps of a life that has so many files left to send."""
    forget(results, files)
    return there.live(results)["steps"]


def test_two_hundred_files_through_two_hundred_deaths(tmp_path: Path) -> None:
    """One submission that dies within each of its files, at a step that moves on with every death."""
    results, files = tmp_path / "results", 200
    with site(tmp_path, files) as there:
        there.live(tmp_path / "another")
        none, one, two = (steps_without(there, tmp_path / "another", missing) for missing in range(3))
        first, each = one - none, two - one
        shutil.copytree(tmp_path / "another", results)
        forget(results, files)
        before, struck, phases = there.taken(), 0, Counter[int]()
        for phase in itertools.cycle(range(1, each + 1)):
            word = decide(there, results, before)
            done = sum(what in TAKEN for what in last_notes(results).values()) + (word == "taken")
            left = struck - done  # the file that the last death struck, unless that one is done
            end = there.live(results, none - CLOSING + DECIDING * (word != "hold") + first * left + phase, word)
            if "exit" in end:
                break
            phases[phase] += 1
            struck += 1
        assert end["exit"] == 0
        assert there.taken() - before == Counter(there.sums.values())
    assert struck == files
    assert set(phases) == set(range(1, each + 1)), "at every step of a file"


def test_a_killed_bulk_report_is_never_sent_twice_without_a_word(tmp_path: Path) -> None:
    """Its answer holds an id that nothing else tells: a death just before it leaves no way on but the user's word."""
    words: Counter[str] = Counter()
    with site(tmp_path, files=0) as there:
        steps = there.live(tmp_path / "whole")["steps"]
        for dies_at in sorted({*range(1, steps + 1, 8), *range(*UPLOAD)}):
            before, results = there.taken(), tmp_path / str(dies_at)
            assert there.live(results, dies_at)["signal"] == KILLED
            end = there.live(results)
            word = decide(there, results, before)
            words[word] += 1
            assert (there.taken() - before).total() <= 1
            assert end["exit"] in ({0, REFUSED} if word == "hold" else {UNCERTAIN})
            if word != "hold":
                assert there.live(results, uncertain="taken")["exit"] == UNCERTAIN
                assert there.live(results, uncertain="send")["exit"] == 0
            assert there.taken() - before == {"report": 2 if word == "taken" else 1}, f"killed at step {dies_at}"
    assert words["taken"] >= 1
    assert words["send"] >= 1
    assert words["hold"] >= steps // 8
