"""What holds for every test: this machine's own way out is nobody's business here, and a busy machine is no failure."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import settings

from tests.kernel.namespace import why_not
from tests.machine import require

for name in [name for name in os.environ if name.lower() in ("https_proxy", "http_proxy", "all_proxy", "no_proxy")]:
    del os.environ[name]

settings.register_profile("any-machine", deadline=None)
settings.load_profile("any-machine")


@pytest.fixture(autouse=True)
def kernel_where_marked(request: pytest.FixtureRequest) -> None:
    """Tests that load rules into a throw-away namespace need one, and the tools that load them."""
    if "kernel" in request.keywords:
        require(why_not())


def pytest_make_parametrize_id(val: Any, argname: str) -> str | None:  # noqa: ANN401 (whatever a test is given)
    """Bytes name a test by their number: what they hold may differ from run to run, as a gzip header does."""
    return f"{argname}-{len(val)}-bytes" if isinstance(val, bytes) else None
