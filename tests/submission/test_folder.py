"""The folder of a submission is its owner's alone, and what is in it stays."""

from __future__ import annotations

import hashlib
import io
import stat
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.errors import InputError
from nimnetcheck.submission.folder import digest, opened
from nimnetcheck.submission.journal import Note, What

if TYPE_CHECKING:
    from pathlib import Path


def test_what_one_run_leaves_the_next_one_finds(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b"
    with opened(path) as folder:
        folder.report.write(b"the report")
        folder.journal.write(Note(what=What.REPORT, key="k"), now=True)
    with opened(path) as folder:
        assert folder.report.read() == b"the report"
        assert folder.journal.last("k") is not None
    modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in path.iterdir()}
    assert modes == {"report.zip": 0o600, "acknowledgement.zip": 0o600, "journal.jsonl": 0o600}
    assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_without_a_path_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with opened() as folder:
        folder.report.write(b"x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o1777])
def test_a_folder_that_others_may_write_in_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "open"
    path.mkdir()
    path.chmod(mode)
    with pytest.raises(InputError, match="others may write there"), opened(path):
        pass
    assert list(path.iterdir()) == []


@pytest.mark.parametrize("name", ["report.zip", "acknowledgement.zip", "journal.jsonl"])
def test_a_link_in_it_is_not_followed(tmp_path: Path, name: str) -> None:
    aim = tmp_path / "aim"
    path = tmp_path / "folder"
    path.mkdir(mode=0o700)
    (path / name).symlink_to(aim)
    with pytest.raises(InputError, match="cannot be opened"), opened(path):
        pass
    assert not aim.exists()


def test_a_file_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError, match="cannot be made"), opened(tmp_path / "file"):
        pass


def test_a_digest_counts_all_of_the_file_and_leaves_it_at_its_start(tmp_path: Path) -> None:
    data = bytes(range(256)) * 9000
    with (tmp_path / "file").open("w+b") as file:
        file.write(data)
        assert digest(file) == (hashlib.sha256(data).hexdigest(), len(data))
        assert file.tell() == 0
    assert io.BytesIO(data).read() == data
