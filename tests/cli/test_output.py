"""A result is written whole or not at all, for its owner only."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.cli.output import write_whole
from nimnetcheck.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_replaced_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("old", encoding="utf-8")
    write_whole(path, "new\n")
    assert path.read_text(encoding="utf-8") == "new\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["report.json"]  # noqa: PTH208 (names are what is compared)


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_whole(tmp_path / "no-such-folder" / "report.json", "x")
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        write_whole(folder, "x")
    assert os.listdir(tmp_path) == ["folder"]  # noqa: PTH208 (names are what is compared)
