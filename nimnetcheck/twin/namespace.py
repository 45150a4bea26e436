"""The namespaces of a twin: made by this process for itself, and gone with it. Nothing is named, nothing is mounted."""

from __future__ import annotations

import ctypes
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterator

NEW_USER, NEW_NET = 0x10000000, 0x40000000
NOBODY = 65534
_DUMPABLE, _PARENT_DEATH, _KILL = 4, 1, 9
_libc = ctypes.CDLL(None, use_errno=True)  # os.unshare and os.setns are Python 3.12's


@attrs.frozen(kw_only=True)
class Sides:
    """The two network namespaces: the host's twin, where this process stands, and the far side; as open files."""

    near: int
    far: int


def become_admin(user: int, *, untrusted: bool) -> bool:
    """Take the right to make network namespaces; whether that took a user namespace. Raises OSError.

    Root needs none, and keeps every user id. What is not root's own (`untrusted`) is not parsed as root either: root
    becomes nobody first. In a user namespace there is one user id alone, which is called `user`.
    """
    _die_with_parent()
    if os.geteuid() == 0 and not untrusted:
        return False
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        _call("prctl", _DUMPABLE, 1, 0, 0, 0)  # else /proc/self still belongs to root
        _die_with_parent()
    uid, gid = os.geteuid(), os.getegid()
    _call("unshare", NEW_USER)
    Path("/proc/self/setgroups").write_text("deny", encoding="utf-8")
    Path("/proc/self/uid_map").write_text(f"{user} {uid} 1", encoding="utf-8")
    Path("/proc/self/gid_map").write_text(f"{user} {gid} 1", encoding="utf-8")
    return True


@contextmanager
def sides() -> Iterator[Sides]:
    """Two new network namespaces, this process in the near one; raises OSError. It stays there when they are closed."""
    _call("unshare", NEW_NET)
    far = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        _call("unshare", NEW_NET)
        near = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        try:
            yield Sides(near=near, far=far)
        finally:
            os.close(near)
    finally:
        os.close(far)


@contextmanager
def standing_in(namespace: int, back: int) -> Iterator[None]:
    """Stand in another namespace: sockets and children made there live there."""
    _call("setns", namespace, NEW_NET)
    try:
        yield
    finally:
        _call("setns", back, NEW_NET)


def _die_with_parent() -> None:
    """Whoever asked is gone: so is the twin."""
    _call("prctl", _PARENT_DEATH, _KILL, 0, 0, 0)


def _call(name: str, *arguments: int) -> None:
    if getattr(_libc, name)(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
