"""Laboratory tests are skipped where no laboratory can be built, and fail instead where CI requires it."""

from __future__ import annotations

import pytest

from tests.lab import outside
from tests.machine import require


@pytest.fixture(scope="session")
def laboratory() -> None:
    """Namespaces and the real servers, or a reason."""
    require(outside.why_not())
