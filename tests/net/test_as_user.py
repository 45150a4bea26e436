"""What is done as another user is done with that user's rights, and ends with its time."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.failures import LateError
from nimnetcheck.net import drive, monotonic
from nimnetcheck.net.as_user import User, work_as

if TYPE_CHECKING:
    from typing import Callable

OURSELVES = User(name="ourselves", uid=os.getuid(), gid=os.getgid(), groups=tuple(os.getgroups()))
NOBODY = User(name="nobody", uid=65534, gid=65534)
root_alone = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


def done(user: User, work: Callable[[], bytes], within_s: float = 5.0) -> bytes:
    return drive(work_as(user, work, monotonic() + within_s), within_s + 1)


def rights() -> bytes:
    return f"{os.getresuid()} {os.getresgid()} {os.getgroups()}".encode()


@root_alone
def test_a_child_has_the_rights_of_the_user_alone() -> None:
    assert done(NOBODY, rights) == b"(65534, 65534, 65534) (65534, 65534, 65534) []"
    assert os.geteuid() == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root can become anybody")
def test_who_is_not_root_becomes_nobody_else() -> None:
    assert done(NOBODY, rights) == b""


@root_alone
def test_work_that_breaks_says_nothing() -> None:
    assert done(OURSELVES, lambda: b"x" * 200_000) == b"x" * 200_000
    assert done(OURSELVES, lambda: bytes(-1)) == b""


@root_alone
def test_work_that_takes_too_long_is_ended() -> None:
    def sleeps() -> bytes:
        time.sleep(30)
        return b""

    with pytest.raises(LateError):
        done(OURSELVES, sleeps, within_s=0.1)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
