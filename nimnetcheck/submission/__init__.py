"""Submissions: what a NIM sends for licensing and usage, step by step. Each flow is one file and one line here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.submission import nim_2_21_disconnected, nim_2_22_disconnected
from nimnetcheck.submission.flow import Flow, Site
from nimnetcheck.submission.rehearsal import rehearse

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FLOWS", "Flow", "Site", "rehearse"]

FLOWS: Mapping[str, Flow] = {
    "nim-2.21-disconnected": nim_2_21_disconnected.FLOW,
    "nim-2.22-disconnected": nim_2_22_disconnected.FLOW,
}
