"""Laboratory tests are skipped where no laboratory can be built, and fail instead where CI requires it."""

from __future__ import annotations

import os

import pytest

from tests.lab import outside


@pytest.fixture(scope="session")
def laboratory() -> None:
    """Namespaces and the real servers, or a reason."""
    reason = outside.why_not()
    if reason and os.environ.get("NIMNETCHECK_REQUIRE_KERNEL") == "1":
        pytest.fail(f"no laboratory can be built here: {reason}")
    if reason:
        pytest.skip(f"no laboratory can be built here: {reason}")
