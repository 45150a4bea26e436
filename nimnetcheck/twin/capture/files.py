"""A capture from plain files, as they come out of an e-mail or a support package."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from nimnetcheck.errors import InputError
from nimnetcheck.twin.capture.parts import FIREWALLD, IPSET, NFT, Facts, assemble
from nimnetcheck.twin.capture.text import decode, read
from nimnetcheck.twin.capture.value import Source, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from nimnetcheck.twin.capture.value import Capture

FOLDERS = ("zones", "policies", "services", "ipsets", "icmptypes", "helpers")
FILES = ("firewalld.conf", "direct.xml")
MAX_FILES = 1_000
MAX_BYTES = 1024 * 1024
NETWORK = Unread(
    part="network", because="no addresses and routes were given: one interface with a default route is assumed"
)


def gather(
    *,
    nft: Path | None = None,
    iptables: Path | None = None,
    ip6tables: Path | None = None,
    ipset: Path | None = None,
    firewalld: Path | None = None,
) -> Capture:
    """The capture that these files make; raises InputError."""
    named = {NFT: nft, "iptables.txt": iptables, "ip6tables.txt": ip6tables, IPSET: ipset}
    parts = {name: read(path) for name, path in named.items() if path}
    unread = [NETWORK]
    if firewalld:
        files, skipped = folder(firewalld)
        parts.update({FIREWALLD + source.file: source for source in files})
        unread.extend(skipped)
    if not parts:
        raise InputError("nothing to judge: give --nft, --iptables, --ip6tables, --ipset or --firewalld, or a capture")
    return assemble(parts, Facts(unread=tuple(unread)))


def folder(path: Path) -> tuple[tuple[Source, ...], tuple[Unread, ...]]:
    """The configuration files of firewalld by their names in that folder, and what was not read; raises InputError."""
    try:
        found = list(_configuration(path))
    except OSError as error:
        raise InputError(f"{error.filename or path}: cannot be read: {error.strerror}") from error
    if not found:
        raise InputError(f"{path}: no folder of firewalld: none of {', '.join((*FILES, *FOLDERS))} with a file in it")
    if len(found) > MAX_FILES:
        raise InputError(f"{path}: more than {MAX_FILES} files")
    return _read(path, found)


def _configuration(path: Path) -> Iterator[str]:
    for name in FILES:
        if os.path.lexists(path / name):
            yield name
    for name in FOLDERS:
        if (path / name).is_dir() and not (path / name).is_symlink():
            yield from sorted(f"{name}/{entry.name}" for entry in (path / name).iterdir() if entry.suffix == ".xml")


def _read(path: Path, names: Sequence[str]) -> tuple[tuple[Source, ...], tuple[Unread, ...]]:
    taken = [_file(path / name, name) for name in names]
    return (
        tuple(one for one in taken if isinstance(one, Source)),
        tuple(one for one in taken if isinstance(one, Unread)),
    )


def _file(path: Path, name: str) -> Source | Unread:
    try:
        return decode(name, _bytes(path))
    except OSError as error:
        return Unread(part=f"firewalld {name}", because=error.strerror or "cannot be read")


def _bytes(path: Path) -> bytes:
    """The content of a plain file: no link is followed, no pipe waited for."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:  # noqa: PTH123 (a descriptor, not a path)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(0, "not a plain file")
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise OSError(0, f"more than {MAX_BYTES // 1024} KiB")
    return data
