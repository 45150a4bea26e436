"""A twin asked for the length of one question, where this machine's kernel allows it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Callable

import pytest

from nimnetcheck.twin.ask import ask
from nimnetcheck.twin.capture.value import Capture, Source
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.wire import Question
from tests.kernel.namespace import why_not

if TYPE_CHECKING:
    from nimnetcheck.twin.answer import Answer

Ask = Callable[..., "Answer"]


@pytest.fixture(autouse=True)
def kernel(request: pytest.FixtureRequest) -> None:
    """Tests that need the kernel are skipped where it cannot be asked, and fail where CI requires it."""
    if "kernel" not in request.keywords:
        return
    reason = why_not()
    if reason and os.environ.get("NIMNETCHECK_REQUIRE_KERNEL") == "1":
        pytest.fail(f"no twin can be made here: {reason}")
    if reason:
        pytest.skip(f"no twin can be made here: {reason}")


@pytest.fixture
def ask_nft() -> Ask:
    """Judge flows by nft's text."""

    def judged(text: str, *flows: str) -> Answer:
        capture = Capture(nft=Source(file="rules.nft", text=text))
        return ask(Question(capture=capture, flows=tuple(parse(flow) for flow in flows)))

    return judged
