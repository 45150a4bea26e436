"""A file of this host is read whole or refused with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nimnetcheck.site import text

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_bytes(b"user nms;\xff")
    assert text.read(tmp_path / "a.conf") == ("user nms;\ufffd", "")


def test_a_file_that_is_too_long_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_bytes(b"x" * (text.MAX_BYTES + 1))
    assert text.read(tmp_path / "a.conf") == ("", f"{tmp_path}/a.conf: longer than 256 KiB")


def test_what_is_no_file_has_its_reason(tmp_path: Path) -> None:
    assert text.read(tmp_path) == ("", f"{tmp_path}: Is a directory")


def test_no_file_is_told_from_an_unreadable_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        text.read(tmp_path / "missing")
