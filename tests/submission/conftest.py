"""A session whose far side is a list of answers, for what an emulator cannot be told to do in turn."""

from __future__ import annotations

from contextlib import ExitStack
from typing import IO, TYPE_CHECKING, Callable, cast

import pytest

from nimnetcheck.model import World
from nimnetcheck.submission.flow import Site
from nimnetcheck.submission.licence import Licence
from nimnetcheck.submission.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.submission.client import Client
    from nimnetcheck.submission.messages import Outcome, Request

LICENCE = Licence(
    subject="A-S1",
    subscription_end=None,
    sha256_12="0" * 12,
    jku="",
    token="head.marked-token.signature",  # noqa: S106 (planted, to be looked for)
)
SITE = Site(
    world=World(),
    nim_url="https://nim.example/",
    username="admin",
    password="marked-password",  # noqa: S106 (planted, to be looked for)
    licence=LICENCE,
    poll_s=0.01,
    wait_s=0.05,
)


class Scripted:
    """A client that gives one outcome after the other, the last one for ever."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)

    def call(self, request: Request, *, into: IO[bytes] | None = None) -> Outcome:  # noqa: ARG002 (Client's signature)
        """Give the next outcome."""
        if into is not None:
            into.write(b"PK")
        return self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]


@pytest.fixture
def script() -> Iterator[Callable[..., Session]]:
    """Make a session from the outcomes of its calls, in order."""
    with ExitStack() as files:
        yield lambda *outcomes: Session(SITE, cast("Client", Scripted(*outcomes)), files)
