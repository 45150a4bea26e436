"""A licence is taken once and registered: by hand as often as it is asked about, by itself when the vendor answers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.emulator import CONNECTED
from nimnetcheck.emulator.nim.licence import FEATURES
from tests.emulator.nim.client import add_licence, ask, nim, state

if TYPE_CHECKING:
    from tests.emulator.client import Client

DONE = "CONFIG_REPORT_READY"


def confirm(client: Client, telemetry: str = "true") -> int:
    features = [{"limit": 0, "name": name, "valueType": ""} for name in sorted(FEATURES)]
    body = {"desiredState": {"content": "", "type": "JWT", "features": features}, "metadata": {"name": "license"}}
    return int(ask(client, "PUT", f"/license?telemetry={telemetry}", json=body).status_code)


def becomes(client: Client, wanted: str) -> bool:
    until = time.monotonic() + 5
    while time.monotonic() < until:
        if state(client) == wanted:
            return True
        time.sleep(0.1)
    return False


def test_by_hand_it_is_registered_step_by_step() -> None:
    with nim() as client:
        taken = add_licence(client)
        assert (taken.status_code, taken.json()["currentStatus"]["modeOfOperation"]) == (202, "DISCONNECTED")
        assert [state(client) for _ in range(4)] == [
            "INITIALIZE_ACTIVATION",
            "INITIALIZE_ACTIVATION_COMPLETE",
            DONE,
            DONE,
        ]


@pytest.mark.parametrize("version", ["2.18.0", "2.19.3"])
def test_up_to_2_19_it_waits_to_be_confirmed(version: str) -> None:
    with nim(nim_version=version) as client:
        assert confirm(client) == 404
        add_licence(client)
        assert [state(client) for _ in range(4)][-1] == "INITIALIZE_ACTIVATION_COMPLETE"
        assert ask(client, "PUT", "/license", json={"desiredState": {"type": "JWT", "features": []}}).status_code == 400
        assert confirm(client) == 200
        assert state(client) == DONE


def test_by_itself_it_becomes_valid_when_both_hosts_have_answered() -> None:
    with nim(nim_mode=CONNECTED) as client:
        assert add_licence(client).json()["currentStatus"]["modeOfOperation"] == CONNECTED
        assert becomes(client, "VALID")
        assert {"manifest", "entitlements"} <= {arrival.place for arrival in client.vendor.requests}
        assert ask(client, "GET", "/modules/licensed").json() == {"licensed": True}


@pytest.mark.parametrize(
    ("fault", "reached"),
    [
        ("manifest-401", "INITIALIZE_ACTIVATION"),
        ("nim-old-bundle", "INITIALIZE_ACTIVATION"),
        ("entitlements-503", "ACTIVATED"),
    ],
)
def test_by_itself_it_gets_no_further_than_the_vendor_lets_it(fault: str, reached: str) -> None:
    with nim(nim_mode=CONNECTED, faults=[fault]) as client:
        add_licence(client)
        assert becomes(client, reached)
        time.sleep(0.3)
        assert state(client) == reached


def test_a_second_licence_is_refused_and_changes_nothing() -> None:
    with nim() as client:
        add_licence(client)
        reached = [state(client) for _ in range(3)][-1]
        again = add_licence(client)
        assert (again.status_code, "already registered" in again.json()["message"]) == (400, True)
        assert state(client) == reached


def test_the_telemetry_is_what_the_last_call_said() -> None:
    def telemetry(client: Client) -> object:
        return ask(client, "GET", "/license").json()["currentStatus"]["state"]["currentInstance"]["telemetry"]

    with nim() as client:
        add_licence(client, telemetry="false")
        assert telemetry(client) == "false"
        confirm(client)
        assert telemetry(client) == "true"


def test_what_breaks_the_contract_is_refused() -> None:
    with nim() as client:
        assert ask(client, "GET", "/license").json()["currentStatus"]["state"] == {}
        for content in (b"[", b"[]", b'{"desiredState": 7}', b'{"desiredState": {"content": "no JWT"}}', b"[" * 5000):
            assert ask(client, "POST", "/license", content=content).status_code == 400


def test_the_mode_is_told_and_may_be_told_wrongly() -> None:
    for given, mode in (
        ({}, "DISCONNECTED"),
        ({"nim_mode": CONNECTED}, CONNECTED),
        ({"faults": ["nim-connected-mode"]}, CONNECTED),
        ({"nim_mode": CONNECTED, "faults": ["nim-disconnected-mode"]}, "DISCONNECTED"),
    ):
        with nim(**given) as client:
            assert ask(client, "GET", "/report/device_mode").json() == {"device_mode": mode}
