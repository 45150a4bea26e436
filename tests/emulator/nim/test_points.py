"""Data points leave when their triggers come, straight to the collector, and only while the telemetry is on."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.emulator.nim import HOST
from tests.emulator.nim.client import add_licence, ask, nim

if TYPE_CHECKING:
    from tests.emulator.client import Client

LEVER = f"https://{HOST}/emulated/process"


def names(client: Client, count: int) -> list[str]:
    """The points that arrived, once there are so many, or what there is after a while."""
    until = time.monotonic() + 3
    while len(client.vendor.points) < count and time.monotonic() < until:
        time.sleep(0.01)
    return [point["DataPoint"] for point in client.vendor.points]


def test_nothing_leaves_without_a_licence() -> None:
    with nim() as client:
        client.request("POST", LEVER)
        time.sleep(0.2)
        assert client.vendor.points == []
        add_licence(client)
        assert names(client, 1) == ["Installation"]


def test_nothing_leaves_with_the_telemetry_off() -> None:
    with nim() as client:
        add_licence(client, telemetry="false")
        client.request("POST", LEVER)
        time.sleep(0.2)
        assert client.vendor.points == []
        ask(client, "PUT", "/license?telemetry=true", json={"desiredState": {}})
        client.request("POST", LEVER)
        assert names(client, 1) == ["Start/Stop"]


@pytest.mark.parametrize(
    ("fault", "said"), [("points-unavailable", "14"), ("points-unauthenticated", "16"), ("points-reset", "")]
)
def test_a_point_that_is_refused_stands_in_the_log(fault: str, said: str) -> None:
    with nim(faults=[fault]) as client:
        add_licence(client)
        until = time.monotonic() + 5
        while not client.vendor.nim_log and time.monotonic() < until:
            time.sleep(0.01)
        assert [line for line in client.vendor.nim_log if said in line and "Installation" in line]
        assert client.vendor.points == []


def test_a_point_says_what_the_analogue_says() -> None:
    with nim(nim_version="2.20.1") as client:
        add_licence(client)
        assert names(client, 1) == ["Installation"]
        assert client.vendor.points[0]["ProjectVersion"] == "2.20.1"
        assert set(client.vendor.points[0]) == {"ProjectName", "ProjectVersion", "InstallationID", "DataPoint"}
