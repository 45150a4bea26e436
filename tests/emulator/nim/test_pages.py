"""A NIM's pages, its health, and the levers of the emulation."""

from __future__ import annotations

import pytest

from nimnetcheck.emulator.nim import HOST
from tests.emulator.nim.client import ask, nim

HERE = f"https://{HOST}"


def test_all_services_are_well_and_alive() -> None:
    with nim() as client:
        assert ask(client, "GET", "/health").json()["services"]["integrations"] == "healthy"
        assert client.request("GET", f"{HERE}/api/liveness/dpm").status_code == 200
        assert client.request("GET", f"{HERE}/api/liveness/other").status_code == 404


def test_the_root_leads_to_the_interface() -> None:
    with nim() as client:
        answer = client.request("GET", f"{HERE}/")
        assert (answer.status_code, answer.headers["location"]) == (302, "/ui/")
        assert client.request("GET", f"{HERE}/ui/").headers["content-type"].startswith("text/html")


def test_the_page_names_the_analytics_until_somebody_opts_out() -> None:
    with nim() as client:
        assert "walkme.com" in client.request("GET", f"{HERE}/ui/").text
        client.request("DELETE", f"{HERE}/emulated/analytics")
        assert "walkme.com" not in client.request("GET", f"{HERE}/ui/").text
        client.request("PUT", f"{HERE}/emulated/analytics")
        assert "walkme.com" in client.request("GET", f"{HERE}/ui/").text


@pytest.mark.parametrize(("method", "path"), [("POST", "/process"), ("POST", "/period"), ("PUT", "/analytics")])
def test_levers_say_that_they_are_none_of_the_products(method: str, path: str) -> None:
    with nim() as client:
        answer = client.request(method, f"{HERE}/emulated{path}")
        assert (answer.status_code, answer.headers["x-nimnetcheck-label"]) == (204, "analogue")
