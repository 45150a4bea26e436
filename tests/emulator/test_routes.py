"""Every route says how sure we are of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.emulator.faults import PLACES
from nimnetcheck.model import Label

if TYPE_CHECKING:
    from nimnetcheck.emulator import Vendor


def test_every_route_has_a_label_and_a_source(vendor: Vendor) -> None:
    for routes in vendor.routes.values():
        for route in routes:
            assert isinstance(route.label, Label)
            assert route.source
            assert route.method in {"GET", "POST", "PUT", "DELETE"}


def test_every_place_has_its_routes_and_every_route_a_known_place(vendor: Vendor) -> None:
    places = {route.place for routes in vendor.routes.values() for route in routes}
    assert places == {*PLACES, ""}
