"""Real packets: every flow is begun, answered by the far side, and watched until trace or answer settles it.

A verdict never comes from a clock: a drop is an event of the trace, an accept is an answer that arrived. What neither
settles within the patience stays open.
"""

from __future__ import annotations

import errno
import select
import socket
import time
from itertools import count
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.twin.flow import Protocol
from nimnetcheck.twin.packets import related
from nimnetcheck.twin.verdict import death

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import AbstractContextManager

    from nimnetcheck.twin.flow import Flow
    from nimnetcheck.twin.packets.far import Answerers
    from nimnetcheck.twin.packets.trace import Event, Tracer

QUESTION = b"?"
PATIENCE_S = 1.5  # a SYN that was lost is sent again after 1 s
_PAUSE_S = 0.002
_LEAST_LOOKS = 50
_WAITING = frozenset({errno.EINPROGRESS, errno.EALREADY, errno.EAGAIN})
_KINDS = {Protocol.TCP: socket.SOCK_STREAM, Protocol.UDP: socket.SOCK_DGRAM}
_LINGER = b"\x01\x00\x00\x00\x00\x00\x00\x00"  # close at once, by a reset


@attrs.frozen(kw_only=True)
class Sent:
    """What became of one flow: the events of its packets, whether an answer came, the error that its socket felt.

    `lost`: the kernel told more than could be read, so events may be missing.
    """

    flow: Flow
    events: Sequence[Event]
    answered: bool
    error: int = 0
    lost: bool = False


class _Attempt:
    """One connection being tried."""

    def __init__(self, flow: Flow, tracer: Tracer) -> None:
        self.flow = flow
        self.answered, self.error = False, 0
        self._asked = False
        self._tracer = tracer
        self._events: list[Event] = []
        self._socket: socket.socket | None = None
        try:
            self._open(flow, tracer)
        except OSError as error:
            self.error = error.errno or errno.EIO  # a kernel without IPv6

    def _open(self, flow: Flow, tracer: Tracer) -> None:
        family = socket.AF_INET6 if flow.address.version == 6 else socket.AF_INET  # noqa: PLR2004 (IP version)
        protocol = flow.connection.protocol
        self._socket = sock = socket.socket(family, _KINDS[protocol])
        sock.setblocking(False)  # noqa: FBT003 (the socket's own)
        if protocol is Protocol.TCP:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
        # Bound before the first packet leaves, so that its events have somewhere to go.
        sock.bind(("", 0))
        self._events = tracer.expect(protocol, sock.getsockname()[1])

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is to be learnt."""
        return self.answered or bool(self.error) or death(self._events) is not None

    @property
    def sent(self) -> Sent:
        """What became of it."""
        return Sent(
            flow=self.flow, events=tuple(self._events), answered=self.answered, error=self.error, lost=self._tracer.lost
        )

    def step(self) -> None:
        """Do what can be done without waiting: connect, ask, hear."""
        if self._socket is None or self.error:
            return
        try:
            self._hear(self._socket) if self._asked else self._ask(self._socket)
        except OSError as error:
            if error.errno not in _WAITING:
                self.error = error.errno or errno.EIO

    def close(self) -> None:
        """Close the socket."""
        if self._socket:
            self._socket.close()

    def _ask(self, sock: socket.socket) -> None:
        code = sock.connect_ex((str(self.flow.address), self.flow.port))
        if code not in (0, errno.EISCONN):
            raise OSError(code, "connect")
        sock.send(self._question(sock))
        self._asked = True

    def _question(self, sock: socket.socket) -> bytes:  # noqa: ARG002 (another one's)
        return QUESTION

    def _hear(self, sock: socket.socket) -> None:
        self.answered = bool(sock.recv(16))


class _Message(_Attempt):
    """A connection, and what a router says of it: heard when the kernel believes it."""

    _size = related.LEAST

    def _question(self, sock: socket.socket) -> bytes:
        wish = related.wish(sock)
        self._size = wish.size
        return bytes(wish)

    def _hear(self, sock: socket.socket) -> None:
        self.answered = related.carried(sock) <= self._size


_ATTEMPTS = {Protocol.TCP: _Attempt, Protocol.UDP: _Attempt, Protocol.ICMP_ERROR: _Message}


def send(
    flows: Sequence[Flow],
    tracer: Tracer,
    answerers: Sequence[Answerers],
    acting: AbstractContextManager[None],
    patience_s: float = PATIENCE_S,
) -> tuple[Sent, ...]:
    """Try every flow, one after the other as they begin and together as they wait; `acting` while sockets are made."""
    with acting:
        attempts = [_ATTEMPTS[flow.protocol](flow, tracer) for flow in flows]
    try:
        for attempt in attempts:
            _advance((attempt,), tracer, answerers)
        _finish(attempts, tracer, answerers, patience_s)
        return tuple(attempt.sent for attempt in attempts)
    finally:
        for attempt in attempts:
            attempt.close()


def _advance(attempts: Iterable[_Attempt], tracer: Tracer, answerers: Sequence[Answerers]) -> None:
    """One round: each asks, the far side answers, each hears, and the trace is read before it overflows."""
    for attempt in attempts:
        for _ in range(2):
            attempt.step()
            for side in answerers:
                side.serve()
        attempt.step()
        tracer.drain()


def _finish(attempts: Sequence[_Attempt], tracer: Tracer, answerers: Sequence[Answerers], patience_s: float) -> None:
    """Look again and again; at least a few times, however long this process was kept from running."""
    ends = time.monotonic() + patience_s
    for look in count():
        waiting = [attempt for attempt in attempts if not attempt.is_settled]
        if not waiting or (look >= _LEAST_LOOKS and time.monotonic() > ends):
            return
        select.select((), (), (), _PAUSE_S)
        _advance(waiting, tracer, answerers)
