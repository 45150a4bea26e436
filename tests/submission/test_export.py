"""An export is read as hostile input: every trick is a refusal in words."""

from __future__ import annotations

import gzip
import io
import stat
import zipfile
from typing import TYPE_CHECKING, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimnetcheck.submission import export, usage

if TYPE_CHECKING:
    from collections.abc import Mapping

TOKEN = "head.body.signature"  # noqa: S105 (no secret: nobody signed it)
PACKED = gzip.compress(b"{}\n")
GOOD = {"g/t/jwt.txt": TOKEN.encode(), "g/t/usage_1.gzip": PACKED}


def archive(entries: Mapping[str, bytes], change: Callable[[zipfile.ZipInfo], None] | None = None) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name)
            info.filename = name  # ZipInfo would tidy a hostile name
            if change and "usage" in name:
                change(info)
            packed.writestr(info, data)
    return file


def test_every_usage_file_comes_with_its_token() -> None:
    file = io.BytesIO()
    usage.write_export_2_22(file, 25, ("a.b.c", "d.e.f"), batch=5)
    found = export.walk(file)
    assert found.refusal == ""
    assert len(found.usages) == 6
    assert {item.token for item in found.usages} == {"a.b.c", "d.e.f"}
    for item in found.usages:
        with item.open() as first, item.open() as again:
            data = first.read()
            assert data == again.read()
        assert len(data) == item.size
        assert gzip.decompress(data)
        assert item.token not in repr(item)


def test_white_space_around_a_token_and_other_files_do_no_harm() -> None:
    found = export.walk(archive({**GOOD, "g/t/jwt.txt": b" head.body.signature\n", "g/README": b"x", "g/t/": b""}))
    assert [(item.name, item.token) for item in found.usages] == [("g/t/usage_1.gzip", TOKEN)]


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({}, "no usage file"),
        ({"g/t/jwt.txt": b"a.b.c"}, "no usage file"),
        ({"g/t/usage.gzip": PACKED}, "no jwt.txt beside it"),
        ({**GOOD, "g/other/usage.gzip": PACKED}, "no jwt.txt beside it"),
        ({**GOOD, "usage.gzip": PACKED}, "not two levels deep"),
        ({**GOOD, "g/t/u/usage.gzip": PACKED}, "not two levels deep"),
        ({**GOOD, "../t/usage.gzip": PACKED}, "leads elsewhere"),
        ({**GOOD, "/t/usage.gzip": PACKED}, "leads elsewhere"),
        ({**GOOD, "g\\t\\usage.gzip": PACKED}, "leads elsewhere"),
        ({**GOOD, "C:/t/usage.gzip": PACKED}, "leads elsewhere"),
        ({**GOOD, "g/t/usage\x1b[2J.gzip": PACKED}, "leads elsewhere"),
        ({**GOOD, "g/t/usage_2.gzip": b"<html>"}, "not gzip"),
        ({**GOOD, "g/t/usage_2.gzip": b""}, "not gzip"),
        ({**GOOD, "g/t/jwt.txt": b"a.b.c\r\nX-Evil: 1"}, "not a token"),
        ({**GOOD, "g/t/jwt.txt": b"\xff"}, "not a token"),
        ({**GOOD, "g/t/jwt.txt": b"x" * 70_000}, "too large for a token"),
    ],
)
def test_what_is_not_an_export_is_refused(entries: Mapping[str, bytes], words: str) -> None:
    found = export.walk(archive(entries))
    assert words in found.refusal
    assert found.usages == ()
    assert "\x1b" not in found.refusal


def _link(info: zipfile.ZipInfo) -> None:
    info.external_attr = (stat.S_IFLNK | 0o777) << 16


def _unusual(info: zipfile.ZipInfo) -> None:
    info.compress_type = zipfile.ZIP_BZIP2


@pytest.mark.parametrize(("change", "words"), [(_link, "a link or a device"), (_unusual, "an unusual way")])
def test_entries_that_are_no_plain_files_are_refused(change: Callable[[zipfile.ZipInfo], None], words: str) -> None:
    assert words in export.walk(archive(GOOD, change)).refusal


def test_an_encrypted_entry_is_refused() -> None:
    data = bytearray(archive(GOOD).getvalue())
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    assert "encrypted" in export.walk(io.BytesIO(bytes(data))).refusal


def test_a_name_that_stands_twice_is_refused() -> None:
    file = archive({**GOOD, "g/t/usage_2.gzip": PACKED})
    data = file.getvalue().replace(b"usage_2", b"usage_1")
    assert "twice" in export.walk(io.BytesIO(data)).refusal


def test_damage_is_found_before_anything_is_sent() -> None:
    data = bytearray(archive(GOOD).getvalue())
    data[data.index(PACKED) + 12] ^= 0xFF
    assert "not a readable zip" in export.walk(io.BytesIO(bytes(data))).refusal
    assert "not a zip" in export.walk(io.BytesIO(archive(GOOD).getvalue()[:-30])).refusal


@given(st.binary(max_size=200))
def test_noise_is_refused(data: bytes) -> None:
    assert export.walk(io.BytesIO(data)).refusal


@given(at=st.integers(0, 10_000), value=st.integers(0, 255), cut=st.integers(0, 60))
def test_one_wrong_byte_or_a_cut_never_escapes_as_an_exception(at: int, value: int, cut: int) -> None:
    data = bytearray(archive(GOOD).getvalue())
    data[at % len(data)] = value
    found = export.walk(io.BytesIO(bytes(data[: len(data) - cut])))
    assert found.refusal or found.usages
    for item in found.usages:
        with item.open() as entry:
            assert entry.read(2) == export.GZIP_MAGIC
