"""The namespaces of a twin: made by this process for itself, and gone with it. Nothing is named."""

from __future__ import annotations

import ctypes
import os
import struct
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterator

NEW_MOUNTS, NEW_USER, NEW_NET = 0x00020000, 0x10000000, 0x40000000
NOBODY = 65534
_DUMPABLE, _PARENT_DEATH, _KILL = 4, 1, 9
_SERVICES = "/run"  # where the sockets of resolvers, of the bus and of firewalld are
_NO_SUID, _NO_DEVICES, _WITH_ALL_BELOW, _PRIVATE = 2, 4, 1 << 14, 1 << 18  # MS_* of mount(2)
_AMBIENT, _RAISE = 47, 2  # PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE
_CAPABILITY_VERSION = 0x20080522
_libc = ctypes.CDLL(None, use_errno=True)  # os.unshare and os.setns are Python 3.12's


class ForbiddenError(OSError):
    """A namespace was refused."""


@attrs.frozen(kw_only=True)
class Sides:
    """The network namespaces, as open files: the host's twin, where this process stands, the far side, and who sends.

    Who sends is on the host itself, or in a namespace `behind` it.
    """

    near: int
    far: int
    behind: int


@attrs.frozen(kw_only=True)
class Sender:
    """Who sends, by user and group id; `confined` where a user namespace knows those alone."""

    user: int = 0
    group: int = 0
    confined: bool = False


def become_admin(user: int, group: int, *, untrusted: bool) -> Sender:
    """Take the right to make network namespaces; raises ForbiddenError.

    Root needs none, and keeps every id. What is not root's own (`untrusted`) is not parsed as root either: root becomes
    nobody first, where user namespaces are allowed. In one there is one user id alone, called `user`, and one `group`.
    """
    _die_with_parent()
    if os.geteuid() == 0:
        if not untrusted or not _is_allowed(NEW_USER):
            return Sender(user=user, group=group)
        _become_nobody()
    uid, gid = os.geteuid(), os.getegid()
    _call("unshare", NEW_USER)
    _write("setgroups", "deny")
    _write("uid_map", f"{user} {uid} 1")
    _write("gid_map", f"{group} {gid} 1")
    if user:
        _keep_capabilities()
    return Sender(user=user, group=group, confined=True)


def seclude() -> None:
    """Stand where no service of the host's can be reached by a socket in the file system; raises ForbiddenError.

    A network namespace alone does not keep a tool that meets a name from asking the host's resolver for it.
    """
    _call("unshare", NEW_MOUNTS)
    _mount("none", "/", None, _WITH_ALL_BELOW | _PRIVATE)
    if Path(_SERVICES).is_dir():
        _mount("tmpfs", _SERVICES, "tmpfs", _NO_SUID | _NO_DEVICES)


@contextmanager
def sides(*, behind: bool = False) -> Iterator[Sides]:
    """New network namespaces, this process in the near one, where it stays; raises ForbiddenError."""
    with ExitStack() as stack:
        far = _new(stack)
        inner = _new(stack) if behind else None
        near = _new(stack)
        yield Sides(near=near, far=far, behind=near if inner is None else inner)


def _new(stack: ExitStack) -> int:
    """A new network namespace that this process stands in, open for as long as the stack."""
    _call("unshare", NEW_NET)
    opened = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    stack.callback(os.close, opened)
    return opened


@contextmanager
def acting_as(sender: Sender) -> Iterator[None]:
    """Make sockets as the user who sends: rules may ask whose a packet is."""
    if sender.confined or not (sender.user or sender.group):
        yield
        return
    os.setegid(sender.group)
    os.seteuid(sender.user)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


@contextmanager
def standing_in(namespace: int, back: int) -> Iterator[None]:
    """Stand in another namespace: sockets and children made there live there."""
    _call("setns", namespace, NEW_NET)
    try:
        yield
    finally:
        _call("setns", back, NEW_NET)


def _keep_capabilities() -> None:
    """Let the tools have this process's capabilities, as only the user id 0 would have them by itself."""
    header = struct.pack("=II", _CAPABILITY_VERSION, 0)
    with Path("/proc/sys/kernel/cap_last_cap").open(encoding="utf-8") as file:
        last = int(file.read())
    mask = (1 << (last + 1)) - 1
    low, high = mask & 0xFFFFFFFF, mask >> 32
    everything = struct.pack("=IIIIII", low, low, low, high, high, high)
    if _libc.capset(header, everything) != 0:
        raise ForbiddenError(ctypes.get_errno(), "capset")
    for capability in range(last + 1):
        _call("prctl", _AMBIENT, _RAISE, capability, 0, 0)


def _write(name: str, words: str) -> None:
    try:
        Path("/proc/self", name).write_text(words, encoding="utf-8")
    except OSError as error:
        raise ForbiddenError(error.errno, error.strerror) from error


def _become_nobody() -> None:
    try:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    except OSError:
        return  # the root of a user namespace that knows no other user: it is an ordinary user already
    _call("prctl", _DUMPABLE, 1, 0, 0, 0)  # else /proc/self still belongs to root
    _die_with_parent()  # which the change of user undid


def _is_allowed(flag: int) -> bool:
    """Whether a namespace can be made, tried in a child."""
    child = os.fork()
    if child == 0:
        os._exit(_libc.unshare(flag) != 0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _die_with_parent() -> None:
    """Whoever asked is gone: so is the twin."""
    _call("prctl", _PARENT_DEATH, _KILL, 0, 0, 0)


def _mount(what: str, where: str, kind: str | None, flags: int) -> None:
    _call("mount", what.encode(), where.encode(), kind.encode() if kind else None, flags, None)


def _call(name: str, *arguments: int | bytes | None) -> None:
    if getattr(_libc, name)(*arguments) != 0:
        code = ctypes.get_errno()
        raise ForbiddenError(code, os.strerror(code))
