"""What `--against` means: the vendor's hosts, or their emulation on this machine for as long as the command runs."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.cli.network import NetworkOptions
    from nimnetcheck.model import World

EMULATED = "The endpoints were emulated on this machine: this shows that the tool works here, not that F5 is reached."


@contextmanager
def world(network: NetworkOptions) -> Iterator[World]:
    """The world to probe."""
    if network.against == "live":
        yield network.world
        return
    from nimnetcheck.emulator import running  # noqa: PLC0415 (the vendor's whole side, which a live probe does not need)

    with running() as vendor:
        yield vendor.world


def notes(network: NetworkOptions) -> tuple[str, ...]:
    """What a report must say about it."""
    return () if network.against == "live" else (EMULATED,)
