"""An answer that is not the host's is told from no answer at all."""

from __future__ import annotations

import pytest

from nimnetcheck.model import Failure, Rung
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code


@pytest.mark.parametrize(
    ("failure", "rung", "expected"),
    [
        (Failure.HTTP_BLOCK_PAGE, Rung.HTTP, "http.block-page"),
        (Failure.HTTP_REDIRECT_OFF_SITE, Rung.HTTP, "http.redirect-offsite"),
        (Failure.HTTP_STATUS, Rung.HTTP, "http.status"),
        (Failure.HTTP_CLOSED, Rung.HTTP, "http.disconnect"),
    ],
)
def test_a_failure_alone_has_its_plain_meaning(failure: Failure, rung: Rung, expected: str) -> None:
    assert code(seen("usage", "192.0.2.1", failure, rung)) == expected
