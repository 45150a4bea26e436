"""`--version` and `--help` answer at once: they import nothing heavier than click."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = frozenset(
    [
        "asyncio",
        "attr",
        "attrs",
        "cryptography",
        "dns",
        "h11",
        "httpcore",
        "httpx",
        "hypercorn",
        "jinja2",
        "jwt",
        "multipart",
        "netaddr",
        "rich",
        "ssl",
        "starlette",
        "tabulate",
        "trustme",
        "yaml",
    ]
)


def imported(*arguments: str) -> set[str]:
    """The top-level modules that a cold interpreter imports to run `arguments`, read off -X importtime."""
    command = [sys.executable, "-X", "importtime", *arguments]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stderr.splitlines()
    return {line.rsplit("|", 1)[1].strip().split(".")[0] for line in lines if line.startswith("import time:")}


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_nothing_heavier_than_click_is_imported(option: str) -> None:
    assert imported("-m", "nimnetcheck", option) & HEAVY == set()


@pytest.mark.skipif(sys.version_info < (3, 10), reason="sys.stdlib_module_names is 3.10 and later")
@pytest.mark.parametrize("option", ["--version", "--help"])
def test_click_is_the_only_dependency_imported(option: str) -> None:
    ours = imported("-m", "nimnetcheck", option) - imported("-c", "pass")
    # Python 3.12 tries `_wmi`, which is Windows's and not in its own list.
    named = {name for name in ours if not name.startswith("_")}
    assert named - sys.stdlib_module_names == {"click", "nimnetcheck"}


def test_a_heavy_import_would_be_noticed() -> None:
    assert {"dns", "ssl"} <= imported("-c", "import dns.message, ssl")
