"""Policies to render, and a throw-away namespace for the scripts."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Callable

import pytest

from nimnetcheck.catalogue import load
from nimnetcheck.firewall import BACKENDS, Mode, Policy, build

if TYPE_CHECKING:
    from collections.abc import Mapping

Namespace = Callable[..., "subprocess.CompletedProcess[str]"]
MADE_AT = "2026-01-01T00:00:00Z"


@pytest.fixture
def render() -> Callable[..., str]:
    """Render a profile of the packaged catalogue: backend, mode, and what else `build` takes."""

    def rendered(backend: str, mode: Mode, profile: str = "all", **given: object) -> str:
        endpoints = load().endpoints_for([profile])
        policy: Policy = build(endpoints, mode=mode, profiles=(profile,), made_at=MADE_AT, **given)  # type: ignore[arg-type]  # (the caller's)
        return BACKENDS[backend].render(policy)

    return rendered


@pytest.fixture
def namespace(tmp_path: object) -> Namespace:
    """Run a piece of shell as root of a network namespace of its own; skipped where the kernel does not let us."""

    def run(script: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["unshare", "-Urn", "sh", "-euc", script],
            check=False,
            capture_output=True,
            text=True,
            cwd=str(tmp_path),
            env={**os.environ, "XTABLES_LOCKFILE": "/dev/null", **(environment or {})},
        )

    missing = [tool for tool in ("unshare", "nft", "ipset", "iptables", "firewall-offline-cmd") if not _found(tool)]
    reason = f"not installed: {', '.join(missing)}" if missing else run("nft list ruleset").stderr
    if reason and os.environ.get("NIMNETCHECK_REQUIRE_KERNEL") == "1":
        pytest.fail(f"no namespace to load rules in: {reason}")
    if reason:
        pytest.skip(f"no namespace to load rules in: {reason}")
    return run


def _found(tool: str) -> bool:
    return shutil.which(tool, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") is not None
