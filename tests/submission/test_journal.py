"""The journal outlives the process, survives a cut last line, and refuses any other damage."""

from __future__ import annotations

import json
import os
import stat
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nimnetcheck.errors import InputError
from nimnetcheck.submission.journal import Journal, Note, What

if TYPE_CHECKING:
    from pathlib import Path

SUM = "ab" * 32
SENDING = Note(what=What.SENDING, key="usage/a/usage_1.gzip", sha256=SUM, size=7)
TAKEN = Note(what=What.TAKEN, key="usage/a/usage_1.gzip", sha256=SUM, size=7, status=202, kept={"statusLink": "/x"})
OTHER = Note(what=What.UNANSWERED, key="b", sha256=SUM, size=9)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a journal is."""
    return tmp_path / "journal.jsonl"


def written(path: Path, *notes: Note) -> bytes:
    with closing(Journal.open(path)) as journal:
        for note in notes:
            journal.write(note, now=False)
    return path.read_bytes()


def test_the_last_note_on_each_thing_counts_and_outlives_the_process(path: Path) -> None:
    written(path, SENDING, OTHER, TAKEN)
    with closing(Journal.open(path)) as journal:
        assert journal.last(SENDING.key) == TAKEN
        assert journal.last("b") == OTHER
        assert journal.last("c") is None
        assert journal.taken() == 1


def test_a_later_run_appends_and_changes_nothing(path: Path) -> None:
    before = written(path, SENDING)
    assert written(path, TAKEN).startswith(before)


def test_it_is_its_owners_alone_whatever_the_umask(path: Path) -> None:
    old = os.umask(0)
    try:
        written(path, SENDING)
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_each_note_is_one_json_object_with_its_time(path: Path) -> None:
    line = json.loads(written(path, TAKEN))
    assert line.pop("at").endswith("Z")
    assert line == {
        "what": "taken",
        "key": "usage/a/usage_1.gzip",
        "sha256": SUM,
        "size": 7,
        "status": 202,
        "kept": {"statusLink": "/x"},
    }


@given(cut=st.integers(1, 400))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_wherever_the_last_line_is_cut_the_ones_before_it_stand(path: Path, cut: int) -> None:
    path.unlink(missing_ok=True)
    first = written(path, TAKEN)
    second = written(path, OTHER)[len(first) :]
    path.write_bytes(first + second[: min(cut, len(second) - 1)])
    with closing(Journal.open(path)) as journal:
        assert (journal.last(TAKEN.key), journal.last("b")) == (TAKEN, None)
        journal.write(OTHER, now=True)
    with closing(Journal.open(path)) as journal:
        assert journal.last("b") == OTHER


@pytest.mark.parametrize(
    "damage",
    [
        b"not json\n",
        b"[]\n",
        b'{"what": "nonsense", "key": "a", "at": ""}\n',
        b'{"what": "taken", "at": ""}\n',
        b'{"what": "taken", "key": "a", "at": "", "more": 1}\n',
        b"\x00" * 100 + b"\n",
        b"x" * 20_000 + b"\n",
        b"[" * 16_000 + b"\n",
        b"\xff\n",
    ],
)
def test_damage_before_the_end_is_refused_and_left_as_it_is(path: Path, damage: bytes) -> None:
    """A line that is skipped could be the one that says that a file was taken."""
    whole = written(path, TAKEN) + damage + b'{"what": "taken", "key": "z", "at": ""}\n'
    path.write_bytes(whole)
    with pytest.raises(InputError, match=r"journal\.jsonl: damaged in line 2"):
        Journal.open(path)
    assert path.read_bytes() == whole


def test_two_runs_never_share_one(path: Path) -> None:
    with closing(Journal.open(path)), pytest.raises(InputError, match="another submission is using it"):
        Journal.open(path)
    Journal.open(path).close()


def test_it_is_never_opened_through_a_link(path: Path, tmp_path: Path) -> None:
    aim = tmp_path / "aim"
    aim.write_bytes(b"precious")
    path.symlink_to(aim)
    with pytest.raises(InputError):
        Journal.open(path)
    assert aim.read_bytes() == b"precious"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")  # noqa: PTH110 (a decorator's argument)
def test_a_full_disk_stops_the_submission() -> None:
    with (
        closing(Journal(os.open("/dev/full", os.O_WRONLY))) as journal,
        pytest.raises(InputError, match="nothing more"),
    ):
        journal.write(SENDING, now=True)


def test_without_a_file_it_is_kept_in_memory() -> None:
    with closing(Journal()) as journal:
        journal.write(TAKEN, now=True)
        assert journal.last(TAKEN.key) == TAKEN
