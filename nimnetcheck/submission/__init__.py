"""Submissions: what a NIM sends for licensing and usage, step by step. Each flow is one file and one line here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.submission import (
    data_points,
    nginx_plus,
    nim_2_18_first_report,
    nim_2_20_first_report,
    nim_2_21_connected,
    nim_2_21_disconnected,
    nim_2_22_connected,
    nim_2_22_disconnected,
    web_analytics,
)
from nimnetcheck.submission.flow import Flow, Site
from nimnetcheck.submission.rehearsal import rehearse

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FLOWS", "IN_PREFLIGHT", "Flow", "Site", "rehearse"]

FLOWS: Mapping[str, Flow] = {
    "nim-2.18-first-report": nim_2_18_first_report.FLOW,
    "nim-2.20-first-report": nim_2_20_first_report.FLOW,
    "nim-2.21-disconnected": nim_2_21_disconnected.FLOW,
    "nim-2.21-connected": nim_2_21_connected.FLOW,
    "nim-2.22-disconnected": nim_2_22_disconnected.FLOW,
    "nim-2.22-connected": nim_2_22_connected.FLOW,
    "nginx-plus": nginx_plus.FLOW,
    "data-points": data_points.FLOW,
    "web-analytics": web_analytics.FLOW,
}
# What a preflight rehearses in the seconds it has: each way of reporting once, in its newest form.
IN_PREFLIGHT: tuple[str, ...] = ("nim-2.21-disconnected", "nim-2.22-disconnected", "nim-2.22-connected", "nginx-plus")
