"""Logs come from files, folders and packages alike; a hostile one is refused in one line and leaves nothing behind."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.errors import InputError
from nimnetcheck.logs import sources as module
from nimnetcheck.logs.sources import sources

if TYPE_CHECKING:
    from pathlib import Path

TEXT = b"first line\nsecond line\nlast"


def read(path: Path) -> dict[str, list[str]]:
    return {source.name: list(source.lines) for source in sources([path])}


def tar(path: Path, *entries: tuple[tarfile.TarInfo, bytes], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]  # the mode is the test's
        for entry, data in entries:
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return path


def entry(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def test_a_file_and_a_packed_one(tmp_path: Path) -> None:
    (tmp_path / "nms.log").write_bytes(TEXT)
    (tmp_path / "nms.log.1.gz").write_bytes(gzip.compress(TEXT))
    expected = ["first line", "second line", "last"]
    assert read(tmp_path / "nms.log") == {"nms.log": expected}
    assert read(tmp_path / "nms.log.1.gz") == {"nms.log.1.gz": expected}
    assert read(tmp_path) == {"nms.log": expected, "nms.log.1.gz": expected}


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_a_support_package(tmp_path: Path, mode: str) -> None:
    path = tar(
        tmp_path / "support-pkg",
        (entry("pkg/nms-logs/nms.log"), TEXT),
        (entry("pkg/dqlite/core.db"), b"\0" * 100),
        (entry("pkg/nginx-logs/error.log.2.gz"), gzip.compress(TEXT)),
        mode=mode,
    )
    assert set(read(path)) == {"pkg/nms-logs/nms.log", "pkg/nginx-logs/error.log.2.gz"}


def test_a_zip(tmp_path: Path) -> None:
    path = tmp_path / "logs.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/nms.log", TEXT)
        archive.writestr("a/picture.png", TEXT)
    assert set(read(path)) == {"a/nms.log"}


def test_links_and_devices_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.log").write_bytes(b"secret")
    path = tar(
        tmp_path / "support.tgz",
        (entry("a.log", tarfile.SYMTYPE, "/etc/passwd"), b""),
        (entry("b.log", tarfile.LNKTYPE, "../secret.log"), b""),
        (entry("c.log", tarfile.CHRTYPE), b""),
        (entry("../../d.log"), TEXT),
    )
    assert set(read(path)) == {"../../d.log"}
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "nms.log").symlink_to(tmp_path / "secret.log")
    assert read(folder) == {}
    assert {found.name for found in tmp_path.iterdir()} == {"secret.log", "support.tgz", "folder"}


def test_a_name_cannot_steer_the_terminal(tmp_path: Path) -> None:
    assert set(read(tar(tmp_path / "s.tgz", (entry("a\x1b[2J.log"), TEXT)))) == {"a?[2J.log"}


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 100_000)
    bomb = b"\0" * 200_000
    (tmp_path / "nms.log.gz").write_bytes(gzip.compress(bomb))
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("nms.log", bomb)
    tar(tmp_path / "bomb.tgz", (entry("big.bin"), bomb))
    for name in ("nms.log.gz", "bomb.zip", "bomb.tgz"):
        with pytest.raises(InputError, match="MiB, unpacked"):
            read(tmp_path / name)


def test_a_header_that_lies_about_its_size_reserves_nothing(tmp_path: Path) -> None:
    header = tarfile.TarInfo("x").tobuf(tarfile.GNU_FORMAT)
    lying = bytearray(header)
    lying[124:136] = b"\x80" + (1 << 40).to_bytes(11, "big")  # a pax header of a tebibyte
    lying[156:157] = b"x"
    lying[148:156] = b" " * 8
    lying[148:156] = b"%06o\0 " % sum(lying[:512])
    path = tmp_path / "lying.tar"
    path.write_bytes(bytes(lying) + b"\0" * 10240)
    with pytest.raises(InputError, match="damaged"):
        read(path)


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_FILES", 3)
    with pytest.raises(InputError, match="more than 3 files"):
        read(tar(tmp_path / "many.tgz", *((entry(f"{n}.log"), b"") for n in range(5))))


def test_a_line_without_end_is_cut(tmp_path: Path) -> None:
    (tmp_path / "nms.log").write_bytes(b"x" * 1_000_000 + b"\nnext\n")
    first, second = read(tmp_path / "nms.log")["nms.log"]
    assert len(first) == module.MAX_LINE
    assert second == "next"


@pytest.mark.parametrize("damage", [slice(0, 60), slice(0, -30)])
def test_a_damaged_package_is_refused_in_one_line(tmp_path: Path, damage: slice) -> None:
    whole = tar(tmp_path / "whole.tgz", (entry("nms.log"), bytes(range(256)) * 40)).read_bytes()
    path = tmp_path / "cut.tgz"
    path.write_bytes(whole[damage])
    with pytest.raises(InputError, match="damaged"):
        read(path)


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read(tmp_path / "missing.log")


def test_the_usual_logs_are_those_that_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nms.log").write_bytes(b"")
    monkeypatch.setattr(module, "USUAL", (tmp_path / "nms.log", tmp_path / "error.log"))
    assert module.usual() == (tmp_path / "nms.log",)
