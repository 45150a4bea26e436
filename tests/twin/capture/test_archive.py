"""A capture crosses as one file and comes back equal; damaged and hostile archives are refused whole."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from typing import TYPE_CHECKING

import attrs
import pytest

from nimnetcheck.errors import InputError
from nimnetcheck.twin.capture import archive as capture_archive
from nimnetcheck.twin.capture.archive import KIND, MANIFEST, pack, read
from nimnetcheck.twin.capture.parts import Facts, assemble
from nimnetcheck.twin.capture.value import Source, Unread

if TYPE_CHECKING:
    from pathlib import Path

PARTS = {
    name: Source(file=name, text=text)
    for name, text in {
        "nft.txt": "table inet t {\n\tchain o {\n\t}\n}\n",
        "iptables.txt": "*filter\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n",
        "ipset.txt": "create s hash:ip family inet\nadd s 192.0.2.1\n",
        "links.json": '[{"ifname": "lo"}]',
        "firewalld/zones/public.xml": "<zone/>",
        "firewalld/firewalld.conf": "DefaultZone=public\n",
    }.items()
}
FACTS = Facts(
    host="host.example",
    sysctls={"net.ipv4.ip_forward": "0"},
    tools={"nft": "1.0.6"},
    unread=(Unread(part="ip6tables.txt", because="not root"),),
)
GOOD = {MANIFEST: json.dumps({"kind": KIND, "host": "", "tools": {}, "sysctls": {}, "unread": []}).encode()}


def archive(path: Path, files: dict[str, bytes], **given: object) -> Path:
    """A tar.gz of these files, the last one made as `given` says."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for position, (name, data) in enumerate(files.items(), 1):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            for key, value in given.items() if position == len(files) else ():
                setattr(entry, key, value)
            tar.addfile(entry, io.BytesIO(data))
    path.write_bytes(gzip.compress(packed.getvalue()))
    return path


def test_a_capture_comes_back_equal(tmp_path: Path) -> None:
    path = tmp_path / "capture.tar.gz"
    path.write_bytes(pack(PARTS, FACTS))
    assert read(path) == assemble(PARTS, FACTS)


def test_the_same_capture_is_the_same_bytes() -> None:
    assert pack(PARTS, FACTS) == pack(PARTS, FACTS)


def test_an_archive_packed_by_hand_is_read(tmp_path: Path) -> None:
    path = archive(tmp_path / "c.tgz", {**GOOD, "nft.txt": b"table inet t {\n}\n"})
    assert read(path).nft == Source(file="nft.txt", text="table inet t {\n}\n")


@pytest.mark.parametrize(
    ("name", "given", "reason"),
    [
        ("../nft.txt", {}, "is no part of a capture"),
        ("/etc/passwd", {}, "is no part of a capture"),
        ("firewalld/../../x.xml", {}, "is no part of a capture"),
        ("firewalld/zones/../x.xml", {}, "is no part of a capture"),
        ("firewalld/zones/x.sh", {}, "is no part of a capture"),
        ("nft.txt" + "\x1b[2J", {}, "is no part of a capture"),
        ("nft.txt", {"type": tarfile.SYMTYPE, "linkname": "/etc/shadow", "size": 0}, "is not a plain file"),
        ("nft.txt", {"type": tarfile.LNKTYPE, "linkname": MANIFEST, "size": 0}, "is not a plain file"),
        ("nft.txt", {"type": tarfile.CHRTYPE, "devmajor": 1, "size": 0}, "is not a plain file"),
        ("nft.txt", {"type": tarfile.FIFOTYPE, "size": 0}, "is not a plain file"),
        ("firewalld", {"type": tarfile.DIRTYPE, "size": 0}, "is not a plain file"),
        ("nft.txt", {"pax_headers": {"GNU.sparse.major": "1"}}, ""),
    ],
)
def test_nothing_but_plain_files_of_a_capture(tmp_path: Path, name: str, given: dict[str, object], reason: str) -> None:
    path = archive(tmp_path / "c.tgz", {**GOOD, name: b""}, **given)
    if not reason:  # GNU's format writes no such header: the twin of the refused ones that is taken
        assert read(path).nft == Source(file="nft.txt", text="")
        return
    with pytest.raises(InputError, match=reason) as refused:
        read(path)
    assert str(refused.value).isprintable()


def test_a_file_twice_and_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zones = {f"firewalld/zones/z{number}.xml": b"<zone/>" for number in range(5)}
    path = archive(tmp_path / "c.tgz", {**GOOD, **zones})
    assert len(read(path).firewalld) == 5
    with pytest.raises(InputError, match="one file too many"):
        read(archive(tmp_path / "d.tgz", {**GOOD, "nft.txt": b"", "ipset.txt": b""}, name="nft.txt"))
    monkeypatch.setattr(capture_archive, "CAPTURE", attrs.evolve(capture_archive.CAPTURE, files=5))
    with pytest.raises(InputError, match="one file too many"):
        read(path)


def test_a_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    path = tmp_path / "bomb.tgz"
    path.write_bytes(gzip.compress(bytes(capture_archive.CAPTURE.unpacked_bytes + 1)))
    assert path.stat().st_size < 1024**2
    with pytest.raises(InputError, match="it unpacks to more than 96 MiB"):
        read(path)


def test_an_archive_cut_anywhere_is_refused_in_one_line(tmp_path: Path) -> None:
    whole = pack(PARTS, FACTS)
    path = tmp_path / "cut.tgz"
    for end in range(0, len(whole) - 1, 37):
        path.write_bytes(whole[:end])
        with pytest.raises(InputError) as refused:
            read(path)
        assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "manifest",
    [b"", b"[]", b"{", b"[" * 100_000, b'{"kind": "other"}', f'{{"kind": "{KIND}"}}'.encode()]
    + [GOOD[MANIFEST].replace(b'"unread": []', bad) for bad in (b'"unread": 1', b'"unread": ["x"]', b'"unread": [{}]')]
    + [GOOD[MANIFEST].replace(b'"host": ""', bad) for bad in (b'"host": 1', b'"host": "a\\u001b[2J"')],
)
def test_a_manifest_of_another_kind_is_refused(tmp_path: Path, manifest: bytes) -> None:
    with pytest.raises(InputError, match=r"manifest\.json|not a capture") as refused:
        read(archive(tmp_path / "c.tgz", {MANIFEST: manifest}))
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("data", [b"", b"table inet t {}\n", gzip.compress(b"no tar at all" * 99), gzip.compress(b"")])
def test_another_file_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "other"
    path.write_bytes(data)
    with pytest.raises(InputError, match=str(path)):
        read(path)


def test_a_refusal_of_a_part_names_the_archive_and_the_line(tmp_path: Path) -> None:
    path = archive(tmp_path / "c.tgz", {**GOOD, "nft.txt": b'\ninclude "/etc/shadow"\n'})
    with pytest.raises(InputError, match=r"c\.tgz: nft\.txt:2: 'include' reads"):
        read(path)
