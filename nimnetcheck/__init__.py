"""nimnetcheck: is the path from this host to F5's usage and licence endpoints open, and if not, why not.

The public Python API is what `__all__` names; each name is imported on first use, so that `--version` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nimnetcheck.catalogue import Catalogue, load
    from nimnetcheck.diagnosis import conclude, diagnose, judge
    from nimnetcheck.model import (
        Endpoint,
        Failure,
        Finding,
        Judgement,
        Observation,
        Outcome,
        Report,
        Rung,
        Verdict,
        World,
    )
    from nimnetcheck.run import Run

__version__ = "0.1.0"

__all__ = [
    "Catalogue",
    "Endpoint",
    "Failure",
    "Finding",
    "Judgement",
    "Observation",
    "Outcome",
    "Report",
    "Run",
    "Rung",
    "Verdict",
    "World",
    "__version__",
    "conclude",
    "diagnose",
    "judge",
    "load",
]

_HOMES = {
    "Catalogue": "catalogue",
    "Run": "run",
    "conclude": "diagnosis",
    "diagnose": "diagnosis",
    "judge": "diagnosis",
    "load": "catalogue",
}


def __getattr__(name: str) -> object:
    """Import a public name on its first use (PEP 562); where no other home is named, it is one of the values."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'model')}"), name)
