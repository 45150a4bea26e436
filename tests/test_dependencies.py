"""Every runtime dependency is used, and docs/design/003 says what for; nothing is imported that is not declared."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import requires
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = {"dnspython": "dns", "pyjwt": "jwt", "pyyaml": "yaml", "python-multipart": "multipart"}
IMPORTED_BY_ANOTHER = {"python-multipart": "starlette's forms import it, and fail without it"}
RUNTIME = sorted({re.split(r"[\s<>=;!\[]", line)[0].lower() for line in requires("nimnetcheck") or ()})


def _imported() -> set[str]:
    """The top-level modules that the package names in its import statements, wherever they stand."""
    names: set[str] = set()
    for path in (ROOT / "nimnetcheck").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module)
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("name", RUNTIME)
def test_every_dependency_is_used(name: str) -> None:
    assert name in IMPORTED_BY_ANOTHER or MODULES.get(name, name) in _imported(), f"{name} is declared and never used"


@pytest.mark.parametrize("name", RUNTIME)
def test_every_dependency_is_explained(name: str) -> None:
    page = (ROOT / "docs" / "design" / "003-dependencies.md").read_text(encoding="utf-8").lower()
    assert f"\n| {name} | " in page


@pytest.mark.skipif(sys.version_info < (3, 10), reason="sys.stdlib_module_names is 3.10 and later")
def test_everything_imported_is_declared() -> None:
    declared = {MODULES.get(name, name) for name in RUNTIME} | {"nimnetcheck", "tomli", "tomllib"}
    assert {name for name in _imported() if name not in sys.stdlib_module_names} - declared == set()
