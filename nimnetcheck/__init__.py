"""nimnetcheck: is the path from this host to F5's usage and licence endpoints open, and if not, why not.

The public Python API is what `__all__` names; each name is imported on first use, so that `--version` stays light.
"""

from __future__ import annotations

from importlib import import_module

__version__ = "0.1.0"

_API = {
    "Catalogue": "catalogue",
    "Endpoint": "model",
    "Failure": "model",
    "Finding": "model",
    "Judgement": "model",
    "Observation": "model",
    "Outcome": "model",
    "Report": "model",
    "Run": "run",
    "Verdict": "model",
    "World": "model",
    "conclude": "diagnosis",
    "diagnose": "diagnosis",
    "judge": "diagnosis",
    "load": "catalogue",
}

__all__ = ["__version__", *_API]  # noqa: PLE0604 (a dict's keys are the strings that it asks for)


def __getattr__(name: str) -> object:
    """Import a public name on its first use (PEP 562)."""
    if name not in _API:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_API[name]}"), name)
