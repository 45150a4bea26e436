"""A decision has one number: its file's, its title's, and wherever it is spoken of."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs" / "design").iterdir())
SPOKEN_OF = re.compile(r"design/(\d{3})(-[\w-]+\.md)?")


def test_a_title_has_the_number_of_its_file() -> None:
    titles = {page.name: page.read_text(encoding="utf-8").partition("\n")[0] for page in PAGES}
    assert not {name: title for name, title in titles.items() if not title.startswith(f"# {name[:3]}: ")}


def test_numbers_are_given_once_and_in_a_row() -> None:
    assert [int(page.name[:3]) for page in PAGES] == list(range(1, len(PAGES) + 1))


def test_whoever_speaks_of_a_decision_means_one_that_is_there() -> None:
    texts = (
        *ROOT.glob("*.md"),
        *(
            path
            for top in ("docs", "nimnetcheck", "tests")
            for kind in ("md", "py")
            for path in ROOT.glob(f"{top}/**/*.{kind}")
        ),
    )
    names = {page.name for page in PAGES}
    lost = [
        (path.name, found.group())
        for path in texts
        for found in SPOKEN_OF.finditer(path.read_text(encoding="utf-8"))
        if not any(name.startswith(found.group().partition("/")[2]) for name in names)
    ]
    assert not lost


def test_the_list_of_documents_names_each() -> None:
    listed = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    assert not [page.name for page in PAGES if f"| [design/{page.name}](design/{page.name}) |" not in listed]
