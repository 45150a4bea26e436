"""What a generator may yield to the loop, and the type of such a generator."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any, TypeVar, Union

import attrs

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterable


@attrs.frozen
class Wait:
    """Until the socket is ready to "read" or "write" (or for neither, only the time): resumed with whether it is.

    `until` is a reading of `monotonic()`; past it the generator is resumed with False.
    """

    sock: socket.socket | None
    event: str | None
    until: float


@attrs.frozen
class Open:
    """A non-blocking socket ("tcp", "udp" or "raw", IP version 4 or 6), as soon as fewer than the cap are open.

    Close one before you ask for the next: generators that hold one and wait for another could wait for ever.
    """

    version: int
    kind: str


@attrs.frozen
class Fork:
    """These generators, all at once: resumed with the tuple of what they returned."""

    generators: tuple[Generator[Any, Any, Any], ...]


T = TypeVar("T")
Request = Union[Wait, Open, Fork]
Steps = Generator[Request, Any, T]


class DeadlineError(Exception):
    """Thrown into every generator that still waits when the total deadline passes, and at each later wait."""


def fork(generators: Iterable[Steps[T]]) -> Steps[tuple[T, ...]]:
    """Run these at once and return what they return, in their order."""
    results: tuple[T, ...] = yield Fork(tuple(generators))
    return results
