"""Every diagnosis has its page, made from its entry; none is stale."""

from __future__ import annotations

import re
from pathlib import Path

from nimnetcheck.diagnosis.entries import BY_CODE, DIAGNOSES
from nimnetcheck.diagnosis.pages import index, page, pages, when, write
from nimnetcheck.diagnosis.words import BLANKS, fill

FOLDER = Path(__file__).parents[2] / "docs" / "diagnoses"


def test_the_pages_are_those_of_the_entries() -> None:
    found = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    assert found == pages(), "run `make docs` and commit what it writes"


def test_a_page_says_everything_of_its_entry() -> None:
    entry = BY_CODE["tcp.drop-path"]
    text = page(entry)
    for words in (entry.title, entry.explanation, entry.settle, entry.action, *entry.alternatives):
        assert fill(words, BLANKS) in text
    assert "failed with `tcp_timeout`" in when(entry)


def test_what_a_person_replaces_stands_as_a_word() -> None:
    assert "`tcptraceroute -n ADDRESS PORT`" in page(BY_CODE["tcp.drop-path"])
    braced = [name for name, text in pages().items() if re.search(r"\{(subjects|targets|host|address|port)\}", text)]
    assert braced == []


def test_causes_and_effects_name_each_other() -> None:
    assert "`local.bad-clock`" in page(BY_CODE["tls.expired"])
    assert "`tls.expired`" in page(BY_CODE["local.bad-clock"])


def test_the_index_leads_to_every_page() -> None:
    assert all(f"({entry.code}.md)" in index() for entry in DIAGNOSES)


def test_a_page_that_is_no_longer_one_is_removed(tmp_path: Path) -> None:
    (tmp_path / "tcp.gone.md").write_text("old", encoding="utf-8")
    write(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(pages())
