"""The certificate rule, build by build as F5's release notes state it, and the mode of a NIM."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

import pytest

from nimnetcheck.model import Failure
from nimnetcheck.submission import connected
from nimnetcheck.submission.messages import Answer

if TYPE_CHECKING:
    from nimnetcheck.submission.session import Session


@pytest.mark.parametrize(
    ("version", "trusting"),
    [
        ("2.17.4", False),
        ("2.18.0", False),
        ("2.18.1", True),
        ("2.19.2", False),
        ("2.19.3", True),
        ("2.20.0", False),
        ("2.20.1", True),
        ("2.20", False),
        ("2.21.0", True),
        ("2.21", True),
        ("2.100.0", True),
        ("none", None),
        ("", None),
    ],
)
def test_the_builds_that_trust_more_than_one_authority(version: str, trusting: bool | None) -> None:  # noqa: FBT001 (a table's column)
    assert connected.trusts(version) is trusting


@pytest.mark.parametrize(
    ("body", "failure"),
    [
        (b'{"device_mode": "CONNECTED"}', None),
        (b'{"device_mode": "DISCONNECTED"}', Failure.WRONG_MODE),
        (b"{}", Failure.SUBMIT_UNEXPECTED_ANSWER),
    ],
)
def test_a_nim_that_is_not_connected_sends_nothing(
    script: Callable[..., Session], body: bytes, failure: Failure | None
) -> None:
    (seen,) = connected.mode(script(Answer(status=200, headers={}, body=body, elapsed_s=0, sent=0, received=0)))
    assert seen.failure is failure


def test_an_old_bundle_is_named_with_the_builds_that_help(script: Callable[..., Session]) -> None:
    answer = Answer(status=200, headers={}, body=b'{"nim": "2.20.0"}', elapsed_s=0, sent=0, received=0)
    (seen,) = connected.bundle(script(answer))
    assert seen.failure is Failure.TLS_UNTRUSTED
    assert "2.20.1" in seen.detail
