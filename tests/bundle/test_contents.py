"""A bundle comes back whole; one that was changed, cut or is none is refused in a line."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

from nimnetcheck import archive
from nimnetcheck.bundle.contents import BUNDLE, FIREWALL, MANIFEST, firewall, is_bundle, load, pack, read
from nimnetcheck.bundle.make import redacted
from nimnetcheck.errors import InputError
from nimnetcheck.twin.capture.archive import CAPTURE
from tests.bundle.material import KEEP, KEY, MATERIAL

if TYPE_CHECKING:
    from pathlib import Path

MADE = redacted(MATERIAL, KEY, KEEP).data
FILES = archive.unpack(MADE, BUNDLE)


def test_the_manifest_says_what_is_in_it_and_what_was_taken_out() -> None:
    manifest = json.loads(FILES[MANIFEST])
    assert {file["name"] for file in manifest["files"]} == set(FILES) - {MANIFEST}
    assert manifest["redacted"] is True
    assert manifest["taken_out"]["value"] >= 2
    assert manifest["taken_out"]["address"] >= 4


def test_a_bundle_is_told_by_its_first_bytes(tmp_path: Path) -> None:
    (tmp_path / "bundle").write_bytes(MADE)
    (tmp_path / "report").write_text("{}", encoding="utf-8")
    assert is_bundle(tmp_path / "bundle")
    assert not is_bundle(tmp_path / "report")
    assert not is_bundle(tmp_path / "missing")


def changed(name: str, data: bytes | None) -> dict[str, bytes]:
    files = {**FILES, name: data or b""}
    return {key: value for key, value in files.items() if key != name or data is not None}


@pytest.mark.parametrize(
    ("files", "why"),
    [
        (changed("site/nms.log", b"other"), "site/nms.log: not as it was packed"),
        (changed("site/nms.log", None), "site/nms.log: not as it was packed"),
        (changed("site/more", b"x"), "site/more: not as it was packed"),
        (changed(MANIFEST, None), "manifest.json is not in it"),
        (changed(MANIFEST, b"{"), "manifest.json: not JSON"),
        (changed(MANIFEST, b"[" * 100_000), "manifest.json: not JSON"),
        (changed(MANIFEST, b'{"kind": "other"}'), "not a bundle that this release reads"),
        (changed(MANIFEST, b'{"kind": "nimnetcheck bundle 1", "files": [1]}'), "no list of names and sums"),
        (changed("site/../../etc/passwd", b"x"), "no part of a bundle"),
        (changed("/etc/passwd", b"x"), "no part of a bundle"),
    ],
)
def test_what_was_changed_is_refused(tmp_path: Path, files: dict[str, bytes], why: str) -> None:
    (tmp_path / "b").write_bytes(archive.pack(files))
    with pytest.raises(InputError, match=why) as refused:
        read(tmp_path / "b")
    assert "\n" not in str(refused.value)


def test_the_firewall_of_a_bundle_is_read_as_a_capture_is(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(MADE)
    (tmp_path / "c").write_bytes(FILES[FIREWALL])
    assert firewall(tmp_path / "b") == firewall(tmp_path / "c") == load(tmp_path / "b").firewall


def test_a_bundle_without_a_firewall_says_so(tmp_path: Path) -> None:
    files = {name: data for name, data in FILES.items() if name not in {MANIFEST, FIREWALL}}
    (tmp_path / "b").write_bytes(pack(files, {}, redacted=True))
    assert load(tmp_path / "b").firewall is None
    with pytest.raises(InputError, match="without a firewall"):
        firewall(tmp_path / "b")


def test_a_report_alone_is_taken_too(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(MADE)
    (tmp_path / "r.json").write_bytes(FILES["report.json"])
    alone = load(tmp_path / "r.json")
    assert alone.saved.observations == load(tmp_path / "b").saved.observations
    assert alone.firewall is None


def test_a_capture_is_held_to_a_captures_bounds(tmp_path: Path) -> None:
    (tmp_path / "bomb").write_bytes(gzip.compress(bytes(CAPTURE.unpacked_bytes + 1)))
    with pytest.raises(InputError, match="it unpacks to more than 96 MiB, which no capture does"):
        firewall(tmp_path / "bomb")
