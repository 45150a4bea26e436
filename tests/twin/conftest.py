"""A twin asked for the length of one question, where this machine's kernel allows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

import pytest

from nimnetcheck.twin.ask import ask
from nimnetcheck.twin.capture.value import Capture, Source
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.wire import Question

if TYPE_CHECKING:
    from nimnetcheck.twin.answer import Answer

Ask = Callable[..., "Answer"]


@pytest.fixture
def ask_nft() -> Ask:
    """Judge flows by nft's text."""

    def judged(text: str, *flows: str) -> Answer:
        capture = Capture(nft=Source(file="rules.nft", text=text))
        return ask(Question(capture=capture, flows=tuple(parse(flow) for flow in flows)))

    return judged
