"""The loop drives hundreds at once, tells who is late, ends with the deadline, and leaves no socket open."""

from __future__ import annotations

import gc
import socket
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.net import DeadlineError, Open, Wait, drive, fork, monotonic

if TYPE_CHECKING:
    from nimnetcheck.net import Steps


def until(seconds: float) -> float:
    return monotonic() + seconds


def read(sock: socket.socket, late_s: float = 5.0) -> Steps[bytes | None]:
    ready = yield Wait(sock, "read", until(late_s))
    return sock.recv(100) if ready else None


def write(sock: socket.socket, data: bytes) -> Steps[None]:
    yield Wait(sock, "write", until(5.0))
    sock.sendall(data)


def test_a_generator_waits_until_its_socket_is_ready() -> None:
    near, far = socket.socketpair()
    with near, far:
        assert drive(fork([read(near), write(far, b"word")]), 5.0) == (b"word", None)


def test_who_waits_in_vain_is_told_so() -> None:
    near, far = socket.socketpair()
    with near, far:
        assert drive(read(near, 0.01), 5.0) is None


def test_what_is_ready_is_never_called_late() -> None:
    near, far = socket.socketpair()
    with near, far:
        far.send(b"word")
        assert drive(read(near, -1.0), 5.0) == b"word"


def test_hundreds_at_once() -> None:
    pairs = [socket.socketpair() for _ in range(200)]
    try:
        both = [read(near) for near, _ in pairs] + [write(far, b"x") for _, far in pairs]
        assert drive(fork(both), 30.0)[:200] == (b"x",) * 200
    finally:
        for near, far in pairs:
            near.close()
            far.close()


def test_forks_nest() -> None:
    def leaf(number: int) -> Steps[int]:
        yield Wait(None, None, until(0.001))
        return number

    def branch(number: int) -> Steps[int]:
        leaves = yield from fork(leaf(number + n) for n in range(3))
        return sum(leaves)

    assert drive(fork(branch(n) for n in (0, 10)), 5.0) == (3, 33)
    assert drive(fork(iter(())), 5.0) == ()


def test_the_deadline_reaches_everyone_and_each_ends_in_its_own_way() -> None:
    def patient(number: int) -> Steps[str]:
        try:
            yield Wait(None, None, until(60.0))
        except DeadlineError:
            return f"{number} told"
        return "never"

    assert drive(fork(patient(n) for n in range(3)), 0.01) == ("0 told", "1 told", "2 told")


def test_after_the_deadline_every_further_wait_is_refused() -> None:
    refused = []

    def stubborn() -> Steps[int]:
        for _ in range(3):
            try:
                yield Wait(None, None, until(60.0))
            except DeadlineError:  # noqa: PERF203 (three times)
                refused.append(1)
        try:
            yield Open(4, "tcp")
        except DeadlineError:
            refused.append(1)
        return len(refused)

    assert drive(stubborn(), 0.01) == 4


def test_no_more_sockets_are_open_than_the_cap() -> None:
    open_now: set[socket.socket] = set()
    most = []

    def user() -> Steps[None]:
        sock: socket.socket = yield Open(4, "udp")
        open_now.add(sock)
        try:
            most.append(len(open_now))
            yield Wait(None, None, until(0.002))
        finally:
            open_now.discard(sock)
            sock.close()

    drive(fork(user() for _ in range(20)), 30.0, max_sockets=3)
    assert len(most) == 20
    assert max(most) == 3


def test_those_still_in_the_queue_for_a_socket_are_told_of_the_deadline() -> None:
    def greedy() -> Steps[str]:
        sock: socket.socket | None = None
        try:
            sock = yield Open(4, "udp")
            yield Wait(None, None, until(60.0))
        except DeadlineError:
            return "held" if sock else "queued"
        finally:
            if sock:
                sock.close()
        return "never"

    assert drive(fork(greedy() for _ in range(3)), 0.02, max_sockets=1) == ("held", "queued", "queued")


def test_a_defect_ends_its_siblings_and_is_raised() -> None:
    closed = []

    def sibling() -> Steps[None]:
        sock: socket.socket = yield Open(4, "udp")
        try:
            yield Wait(sock, "read", until(60.0))
        finally:
            sock.close()
            closed.append(sock.fileno())

    def broken() -> Steps[None]:
        yield Wait(None, None, until(0.01))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        drive(fork([sibling(), broken(), sibling()]), 5.0)
    assert closed == [-1, -1]


def test_an_interrupt_closes_every_socket() -> None:
    def sleeper() -> Steps[None]:
        sock: socket.socket = yield Open(4, "udp")
        try:
            yield Wait(sock, "read", until(60.0))
        finally:
            sock.close()

    def interrupted() -> Steps[None]:
        yield Wait(None, None, until(0.01))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        drive(fork([sleeper(), interrupted()]), 5.0)
    gc.collect()  # an open socket would be a ResourceWarning here, and that an error
