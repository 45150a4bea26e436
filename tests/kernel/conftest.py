"""Kernel tests are skipped where no namespace can be made, and fail instead where CI requires them."""

from __future__ import annotations

import os

import pytest

from tests.kernel.namespace import why_not


@pytest.fixture(autouse=True, scope="session")
def kernel() -> None:
    """Namespaces and the real tools, or a reason."""
    reason = why_not()
    if reason and os.environ.get("NIMNETCHECK_REQUIRE_KERNEL") == "1":
        pytest.fail(f"rules cannot be loaded here: {reason}")
    if reason:
        pytest.skip(f"rules cannot be loaded here: {reason}")
