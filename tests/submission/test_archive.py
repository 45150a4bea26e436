"""Zips from elsewhere are bounded before they are read, and read through before they are believed."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nimnetcheck.submission import archive
from nimnetcheck.submission.archive import MAX_DIRECTORY_BYTES, MAX_FILE_BYTES, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

CENTRAL = b"PK\x01\x02"


def packed(entries: Mapping[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as zipped:
        for name, data in entries.items():
            zipped.writestr(name, data)
    return file.getvalue()


GOOD = packed({"a/report.json": b'{"a": 1}' * 50, "b.bin": bytes(range(256))})


def test_a_sound_zip_is_sound_whatever_is_in_it() -> None:
    assert refusal(io.BytesIO(GOOD)) == ""
    assert refusal(io.BytesIO(packed({}))) == "", "what a report holds is not published: nothing is no damage"
    assert refusal(io.BytesIO(packed({"../../etc/passwd": b"x"}))) == "", "it is not unpacked here"


@pytest.mark.parametrize("size", [MAX_FILE_BYTES + 1, 0xFFFFFFFE])
def test_a_file_is_refused_by_the_size_it_declares(size: int) -> None:
    data = bytearray(GOOD)
    at = data.rindex(CENTRAL)
    data[at + 24 : at + 28] = size.to_bytes(4, "little")
    assert "more than a file of a report has" in refusal(io.BytesIO(bytes(data)))


def test_a_bomb_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = packed({"zeros": bytes(8 * 1024**2)})
    assert len(bomb) < 20_000
    monkeypatch.setattr("zipfile.ZipFile.open", None)
    assert "a bomb" in refusal(io.BytesIO(bomb))


def test_a_bomb_that_lies_about_its_size_is_cut_short() -> None:
    """No more is read than it declares, and the sum is wrong then."""
    bomb = bytearray(packed({"zeros": bytes(8 * 1024**2)}))
    for mark, offset in ((CENTRAL, 24), (b"PK\x03\x04", 22)):
        at = bomb.index(mark)
        bomb[at + offset : at + offset + 4] = struct.pack("<I", 1000)
    assert "not a readable zip" in refusal(io.BytesIO(bytes(bomb)))


def test_files_that_overlap_are_refused() -> None:
    """Many entries for the same bytes: a bomb of which no single file looks like one."""
    data = packed({"a": b"x" * 5000}, zipfile.ZIP_STORED)
    start = data.index(CENTRAL)
    central, end = data[start:-22], bytearray(data[-22:])
    copies = 50
    end[8:12] = struct.pack("<HH", copies, copies)
    end[12:16] = struct.pack("<I", copies * len(central))
    assert "overlap" in refusal(io.BytesIO(data[:start] + central * copies + bytes(end)))


def test_a_huge_table_of_contents_is_refused_unread() -> None:
    data = bytearray(GOOD)
    data[-10:-6] = (MAX_DIRECTORY_BYTES + 1).to_bytes(4, "little")
    assert "table of contents" in refusal(io.BytesIO(bytes(data)))


def test_zip64_is_refused() -> None:
    assert "zip64" in refusal(io.BytesIO(GOOD[:-22] + b"PK\x06\x07" + bytes(16) + GOOD[-22:]))


@pytest.mark.parametrize("at", [40, 60, 200])
def test_damage_in_the_middle_is_found(at: int) -> None:
    stored = bytearray(packed({"a": bytes(1000)}, zipfile.ZIP_STORED))
    stored[at] ^= 0xFF
    assert refusal(io.BytesIO(bytes(stored)))


def test_what_is_encrypted_is_taken_as_it_is_and_still_bounded() -> None:
    data = bytearray(GOOD)
    for mark, offset in ((b"PK\x03\x04", 6), (CENTRAL, 8)):
        for at in [i for i in range(len(data)) if data.startswith(mark, i)]:
            data[at + offset] |= archive.ENCRYPTED
    assert refusal(io.BytesIO(bytes(data))) == ""


@given(st.binary(max_size=300))
def test_noise_is_refused(data: bytes) -> None:
    file = io.BytesIO(data)
    assert refusal(file)
    assert file.tell() == 0


@given(at=st.integers(0, len(GOOD) - 1), value=st.integers(0, 255), cut=st.integers(0, len(GOOD)))
@settings(max_examples=300)
def test_a_wrong_byte_or_a_cut_never_escapes_as_an_exception(at: int, value: int, cut: int) -> None:
    data = bytearray(GOOD)
    data[at] = value
    said = refusal(io.BytesIO(bytes(data[: len(data) - cut])))
    assert said.isprintable()
    assert said or cut == 0


def test_text_from_a_zip_cannot_steer_a_terminal() -> None:
    assert archive.shown("\x1b[2J" + "z" * 500) == "?[2J" + "z" * 96
