"""A running emulator, and a real client that trusts its authority and is sent to its listeners."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.emulator import Vendor, running
from tests.emulator.client import Client, client_of

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def vendor() -> Iterator[Vendor]:
    with running() as up:
        yield up


@pytest.fixture
def client(vendor: Vendor) -> Iterator[Client]:
    with client_of(vendor) as http:
        yield Client(vendor, http)


@pytest.fixture(scope="session")
def report() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("report", b"x")
    return file.getvalue()
