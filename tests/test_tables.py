"""Where in a TOML file something stands is found, so that a refusal can say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nimnetcheck.errors import InputError
from nimnetcheck.tables import Row, Source

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """\
strict = true

[[thing]]
name = "one"

[[thing]]
# a comment
name = "two"
size = 3
"""


def source(folder: Path, text: str = TEXT) -> Source:
    path = folder / "things.toml"
    path.write_text(text, encoding="utf-8")
    return Source(path)


def test_lines_are_found_by_table_index_and_key(tmp_path: Path) -> None:
    things = source(tmp_path)
    assert things.line_of("strict") == 1
    assert things.line_of("thing", 0, "name") == 4
    assert things.line_of("thing", 1, "name") == 8
    assert things.line_of("thing", 1, "no-such-key") == 6
    assert things.line_of("thing", 2) == 0


def test_what_nobody_takes_is_refused_with_its_line(tmp_path: Path) -> None:
    things = source(tmp_path)
    row = Row(things, "thing", 1, things.tables("thing")[1])
    assert row.text("name") == "two"
    with pytest.raises(InputError, match=r"things\.toml:9: unknown key 'size'"):
        row.nothing_left()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("strict = 'yes'", r"things\.toml:1: strict must be true or false"),
        ("\nwhat", r"things\.toml:2: not TOML"),
        ('a = "\x07"', "not TOML"),
        ("a = " + "[" * 5000, "not TOML"),
    ],
)
def test_broken_files_are_one_clear_line(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as refused:
        source(tmp_path, text).flag("strict")
    assert "\n" not in str(refused.value)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "things.toml"
    path.write_bytes(b"a = 1\nb = '\xff'\n")
    with pytest.raises(InputError, match=r"things\.toml:2: not UTF-8"):
        Source(path)
