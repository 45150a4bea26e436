"""An archive comes back as it went in, its bytes depend on its files alone, and nothing else is taken for one."""

from __future__ import annotations

import gzip
import io
import tarfile
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimnetcheck.archive import MEBIBYTE, Kind, pack, read, unpack
from nimnetcheck.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

LETTER = Kind(what="letter", packed_bytes=MEBIBYTE, unpacked_bytes=MEBIBYTE, files=3, admits=lambda name: name != "no")
FILES = {"a": b"one", "b/c": b""}


def tar(*entries: tarfile.TarInfo) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for entry in entries:
            archive.addfile(entry)
    return gzip.compress(packed.getvalue())


def test_what_was_packed_comes_back(tmp_path: Path) -> None:
    (tmp_path / "letter").write_bytes(pack(FILES))
    assert read(tmp_path / "letter", LETTER) == FILES
    assert pack(FILES) == pack(dict(FILES))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_only_plain_files_are_taken(kind: bytes) -> None:
    entry = tarfile.TarInfo("a")
    entry.type, entry.linkname = kind, "/etc/passwd"
    with pytest.raises(InputError, match="not a plain file"):
        unpack(tar(entry), LETTER)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "cut short"),
        (b"PK\x03\x04", "not gzip"),
        (pack(FILES)[:-9], "cut short"),
        (gzip.compress(b"no tar" * 200), "not a whole tar"),
        (pack({"no": b""}), "no part of a letter"),
        (pack({str(number): b"" for number in range(4)}), "one file too many"),
        (tar(tarfile.TarInfo("a"), tarfile.TarInfo("a")), "one file too many"),
        (gzip.compress(bytes(MEBIBYTE + 1)), "unpacks to more than 1 MiB"),
        (bytes(MEBIBYTE + 1), "more than 1 MiB"),
    ],
)
def test_the_reason_of_a_refusal_is_said(data: bytes, why: str) -> None:
    with pytest.raises(InputError, match=why):
        unpack(data, LETTER)


def test_a_refusal_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="missing: cannot be read"):
        read(tmp_path / "missing", LETTER)
    (tmp_path / "letter").write_bytes(b"Dear all")
    with pytest.raises(InputError, match="letter: not a letter"):
        read(tmp_path / "letter", LETTER)


@given(st.binary(max_size=2000), st.integers(0, 400))
def test_random_bytes_are_refused_or_read(noise: bytes, at: int) -> None:
    data = pack(FILES)
    for attempt in (noise, data[:at] + noise + data[at:], gzip.compress(noise)):
        with suppress(InputError):
            unpack(attempt, LETTER)
