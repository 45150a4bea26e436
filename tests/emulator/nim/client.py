"""A NIM as its user asks it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from nimnetcheck.emulator import running
from nimnetcheck.emulator.nim import BASE, HOST
from tests.emulator.client import Client, client_of

if TYPE_CHECKING:
    from collections.abc import Iterator

URL = f"https://{HOST}{BASE}"


def ask(client: Client, method: str, path: str, **given: Any) -> Any:  # noqa: ANN401 (an httpx response)
    """Call the platform API as its user."""
    auth = (client.vendor.username, client.vendor.password)
    return client.request(method, URL + path, auth=auth, **given)


def add_licence(client: Client, telemetry: str = "true") -> Any:  # noqa: ANN401 (an httpx response)
    """Give the NIM its licence."""
    body = {"metadata": {"name": "license"}, "desiredState": {"content": client.vendor.licence}}
    return ask(client, "POST", f"/license?telemetry={telemetry}", json=body)


def state(client: Client) -> str:
    """How far the registration is."""
    return str(ask(client, "GET", "/license").json()["currentStatus"]["state"]["currentInstance"]["status"])


@contextmanager
def nim(**given: Any) -> Iterator[Client]:  # noqa: ANN401 (what `running` takes)
    """One NIM of its own."""
    with running(**given) as vendor, client_of(vendor) as http:
        yield Client(vendor, http)
