"""Hosts that only have to answer do, and say how little is known of the real ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.emulator.others import ENTITLEMENTS

if TYPE_CHECKING:
    from tests.emulator.client import Client


def test_entitlements_answer_as_inferred(client: Client) -> None:
    for path in ("/", "/ee"):
        answer = client.request("GET", f"https://{ENTITLEMENTS}{path}")
        assert (answer.status_code, answer.headers["x-nimnetcheck-label"]) == (200, "inferred")


def test_routes_name_what_they_are() -> None:
    from nimnetcheck.emulator.others import collector, entitlements  # noqa: PLC0415 (only here)

    assert {str(route.label) for route in collector()} == {"analogue"}
    assert {route.path for route in entitlements()} == {"/", "/ee"}
