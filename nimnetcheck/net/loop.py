"""One selector loop for hundreds of generators: what they may yield, and what drives them.

Concurrency is structured: whoever forks waits for all it forked, and what is ended early closes its sockets in its
`finally`.
"""

from __future__ import annotations

import heapq
import itertools
import selectors
from collections import deque
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from nimnetcheck.net.clock import monotonic
from nimnetcheck.net.sockets import make_socket, socket_cap
from nimnetcheck.net.steps import DeadlineError, Fork, Open, Wait

if TYPE_CHECKING:
    import socket
    from collections.abc import Generator

    from nimnetcheck.net.steps import Request, Steps

T = TypeVar("T")

EVENTS = {"read": selectors.EVENT_READ, "write": selectors.EVENT_WRITE}


def drive(generator: Steps[T], deadline_s: float, *, max_sockets: int | None = None) -> T:
    """Run a generator and all it forks to the end, within `deadline_s` seconds from now; what they raise is raised."""
    result: T = _Loop(monotonic() + deadline_s, max_sockets or socket_cap()).run(generator)
    return result


@attrs.define(eq=False)
class _Task:
    """A generator on its way; `ticket` counts its waits, so that the timer of an earlier one is known for stale."""

    generator: Generator[Any, Any, Any]
    parent: _Task | None = None
    children: list[_Task] = attrs.field(factory=list)
    request: Request | None = None
    ticket: int = 0
    done: bool = False
    result: Any = None


class _Loop:
    def __init__(self, deadline: float, max_sockets: int) -> None:
        self._deadline, self._max_sockets = deadline, max_sockets
        self._late = False
        self._selector = selectors.DefaultSelector()
        self._ready: deque[tuple[_Task, Any, Exception | None]] = deque()
        self._timers: list[tuple[float, int, int, _Task]] = []
        self._order = itertools.count()
        self._waiting: dict[_Task, None] = {}
        self._queue: deque[_Task] = deque()
        self._sockets: list[socket.socket] = []

    def run(self, generator: Generator[Any, Any, Any]) -> Any:  # noqa: ANN401 (whatever the generator returns)
        root = _Task(generator)
        self._ready.append((root, None, None))
        try:
            while not root.done:
                while self._ready:
                    self._resume(*self._ready.popleft())
                self._hand_out()
                if not self._ready and not root.done:
                    self._sleep()
        finally:
            self._cancel(root)
            self._selector.close()
        return root.result

    def _resume(self, task: _Task, value: object, error: Exception | None) -> None:
        if task.done:
            return
        try:
            request = task.generator.throw(error) if error else task.generator.send(value)
        except StopIteration as stop:
            task.done, task.result = True, stop.value
            self._join(task.parent)
        except Exception as failure:  # noqa: BLE001 (it is raised again, in whoever forked the task)
            self._fail(task, failure)
        else:
            self._take(task, request)

    def _fail(self, task: _Task, failure: Exception) -> None:
        """A defect in a probe: those forked with it end too, and whoever forked them is told."""
        task.done = True
        if task.parent is None:
            raise failure
        for sibling in task.parent.children:
            self._cancel(sibling)
        task.parent.children = []
        self._ready.append((task.parent, None, failure))

    def _join(self, parent: _Task | None) -> None:
        if parent and not parent.done and all(child.done for child in parent.children):
            results = tuple(child.result for child in parent.children)
            parent.children = []
            self._ready.append((parent, results, None))

    def _take(self, task: _Task, request: Request) -> None:
        if isinstance(request, Fork):
            task.children = [_Task(generator, task) for generator in request.generators]
            self._ready.extend((child, None, None) for child in task.children)
            self._join(None if task.children else task)
        elif self._late:
            self._ready.append((task, None, DeadlineError()))
        else:
            task.request = request
            if isinstance(request, Open):
                self._queue.append(task)
            else:
                self._wait(task, request)

    def _wait(self, task: _Task, request: Wait) -> None:
        if request.sock is not None and request.event is not None:
            self._selector.register(request.sock, EVENTS[request.event], task)
        task.ticket += 1
        self._waiting[task] = None
        heapq.heappush(self._timers, (request.until, next(self._order), task.ticket, task))

    def _wake(self, task: _Task, value: object, error: Exception | None = None) -> None:
        self._forget(task)
        self._ready.append((task, value, error))

    def _forget(self, task: _Task) -> None:
        request = task.request
        if task in self._waiting:
            del self._waiting[task]
            if isinstance(request, Wait) and request.sock is not None and request.event is not None:
                self._selector.unregister(request.sock)
        task.request = None

    def _hand_out(self) -> None:
        """Give sockets to those who asked, in their order, as long as the cap allows."""
        if self._queue and len(self._sockets) >= self._max_sockets:
            self._sockets = [sock for sock in self._sockets if sock.fileno() >= 0]
        while self._queue and len(self._sockets) < self._max_sockets:
            task = self._queue.popleft()
            if not isinstance(task.request, Open):
                continue
            try:
                sock = make_socket(task.request.version, task.request.kind)
            except OSError as error:
                self._wake(task, None, error)
            else:
                self._sockets.append(sock)
                self._wake(task, sock)

    def _sleep(self) -> None:
        """Wait for the first socket or timer; whoever is ready is woken before anyone is told that it is late."""
        next_s = self._timers[0][0] if self._timers else self._deadline
        until = next_s if self._late else min(next_s, self._deadline)
        for key, _ in self._selector.select(max(0.0, until - monotonic())):
            self._wake(key.data, value=True)
        now = monotonic()
        if now >= self._deadline and not self._late:
            self._late = True
            for task in [*self._waiting, *self._queue]:
                self._wake(task, None, DeadlineError())
            self._queue.clear()
        while self._timers and self._timers[0][0] <= now:
            _, _, ticket, task = heapq.heappop(self._timers)
            if task in self._waiting and task.ticket == ticket:
                self._wake(task, value=False)

    def _cancel(self, task: _Task) -> None:
        """End a task and all it forked, the innermost first; their `finally` blocks run."""
        if task.done:
            return
        task.done = True
        self._forget(task)
        for child in task.children:
            self._cancel(child)
        task.generator.close()
