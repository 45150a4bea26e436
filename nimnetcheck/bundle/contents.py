"""What a bundle holds and how it is told apart: a manifest with sums, the report, the site's files, its firewall; pure.

manifest.json          every other file with its size and SHA-256, and what was taken out how often
report.json report.txt what was seen, and what it means
certificates/          what was presented, as PEM
site/                  configuration and logs
firewall.tar.gz        the capture of the ruleset, where it could be read: `nimnetcheck trace` takes it as it is
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import zlib
from typing import TYPE_CHECKING, Any

import attrs

from nimnetcheck import __version__, archive
from nimnetcheck.errors import InputError
from nimnetcheck.report import saved as report
from nimnetcheck.twin.capture import archive as capture_archive

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from nimnetcheck.report.saved import Saved
    from nimnetcheck.twin.capture.value import Capture

KIND = "nimnetcheck bundle 1"
MANIFEST, REPORT, TEXT, FIREWALL = "manifest.json", "report.json", "report.txt", "firewall.tar.gz"
SITE, CERTIFICATES = "site/", "certificates/"
GZIP_MAGIC = b"\x1f\x8b"
HEAD_BYTES = 4096  # the first file's header and the beginning of the manifest
_NAMED = re.compile(r"(?:site/[A-Za-z0-9][A-Za-z0-9_.-]{0,99}|certificates/[0-9a-f]{64}\.pem)")
BUNDLE = archive.Kind(
    what="bundle",
    packed_bytes=128 * archive.MEBIBYTE,
    unpacked_bytes=512 * archive.MEBIBYTE,
    files=500,
    admits=lambda name: name in {MANIFEST, REPORT, TEXT, FIREWALL} or _NAMED.fullmatch(name) is not None,
)


@attrs.frozen(kw_only=True)
class Bundle:
    """What was in a bundle, read back: the report to be judged again, and the firewall where there is one."""

    saved: Saved
    firewall: Capture | None = None


def pack(files: Mapping[str, bytes], taken_out: Mapping[str, int], *, redacted: bool) -> bytes:
    """The bytes of a bundle with these files."""
    manifest = {
        "kind": KIND,
        "made_by": f"nimnetcheck {__version__}",
        "redacted": redacted,
        "taken_out": {what: times for what, times in sorted(taken_out.items()) if times},
        "files": [
            {"name": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in files.items()
        ],
    }
    return archive.pack({MANIFEST: (json.dumps(manifest, indent=2) + "\n").encode(), **files})


def is_bundle(path: Path) -> bool:
    """Whether a file begins as an archive does; what cannot be read is none."""
    try:
        with path.open("rb") as file:
            return file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    except OSError:
        return False


def load(path: Path, *, strict: bool = False) -> Bundle:
    """What somebody saved: a bundle, or a report alone; raises InputError."""
    return read(path, strict=strict) if is_bundle(path) else Bundle(saved=report.read(path, strict=strict))


def firewall(path: Path) -> Capture:
    """The firewall in a capture or in a bundle; raises InputError."""
    if not _says_bundle(path):
        return capture_archive.read(path)
    held = read(path).firewall
    if held is None:
        raise InputError(f"{path}: a bundle without a firewall: its maker could not read the rules")
    return held


def read(path: Path, *, strict: bool = False) -> Bundle:
    """A bundle that somebody sent; raises InputError for one that is damaged, changed, or more than a bundle."""
    files = archive.read(path, BUNDLE)
    try:
        _check(_json(files, MANIFEST), files)
        packed = files.get(FIREWALL)
        held = capture_archive.parse(archive.unpack(packed, capture_archive.CAPTURE)) if packed else None
        return Bundle(saved=report.parse(_json(files, REPORT), REPORT, strict=strict), firewall=held)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def _says_bundle(path: Path) -> bool:
    """Whether the manifest, which comes first, calls the archive a bundle; what is damaged is left to who reads it."""
    try:
        with gzip.open(path) as file:
            return KIND.encode() in file.read(HEAD_BYTES)
    except (OSError, EOFError, zlib.error):
        return False


def _json(files: Mapping[str, bytes], name: str) -> Any:  # noqa: ANN401 (JSON)
    try:
        return json.loads(files[name].decode())
    except KeyError:
        raise InputError(f"no bundle: {name} is not in it") from None
    except (ValueError, RecursionError):
        raise InputError(f"{name}: not JSON") from None


def _check(manifest: Any, files: Mapping[str, bytes]) -> None:  # noqa: ANN401 (JSON)
    """Each file is the one that was packed, and none is missing or more."""
    if not isinstance(manifest, dict) or manifest.get("kind") != KIND:
        raise InputError(f"not a bundle that this release reads (kind is not {KIND!r})")
    listed = manifest.get("files")
    try:
        sums = {str(file["name"]): file["sha256"] for file in listed or ()}
    except (TypeError, KeyError):
        raise InputError(f"{MANIFEST}: files is no list of names and sums") from None
    held = {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != MANIFEST}
    for name in sorted({*sums, *held}):
        if sums.get(name) != held.get(name):
            raise InputError(f"{name}: not as it was packed")
