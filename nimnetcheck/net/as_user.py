"""Work done as another user of this host: in a child that gives up root's rights, and says what it found."""

from __future__ import annotations

import os
import signal
import socket
from typing import TYPE_CHECKING, Callable

import attrs

from nimnetcheck.failures import LateError
from nimnetcheck.net.steps import Steps, Wait

if TYPE_CHECKING:
    from typing import NoReturn

READ_BYTES = 65536


@attrs.frozen(kw_only=True)
class User:
    """A user as the kernel knows one, with the groups that are its own."""

    name: str
    uid: int
    gid: int
    groups: tuple[int, ...] = ()


def work_as(user: User, work: Callable[[], bytes], until: float) -> Steps[bytes]:
    """What `work` returned in a child that is this user; nothing where it could not be done. Only root may.

    A child, and no new program: the user may not be able to read this one. Raises LateError past `until`.
    """
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        _work(user, work, theirs)
    try:
        theirs.close()
        ours.setblocking(False)  # noqa: FBT003 (the standard library's signature)
        said = b""
        while (yield Wait(ours, "read", until)):
            data = ours.recv(READ_BYTES)
            if not data:
                return said
            said += data
        raise LateError
    finally:
        ours.close()
        os.kill(child, signal.SIGKILL)  # it is still ours: nobody has waited for it
        os.waitpid(child, 0)


def _work(user: User, work: Callable[[], bytes], to: socket.socket) -> NoReturn:
    """Whatever happens, the child ends here: nothing of its parent's is cleaned up twice."""
    try:
        os.setgroups(user.groups)
        os.setresgid(user.gid, user.gid, user.gid)
        os.setresuid(user.uid, user.uid, user.uid)
        to.sendall(work())
    finally:
        os._exit(0)
