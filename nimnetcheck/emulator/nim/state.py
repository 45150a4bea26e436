"""What an emulated NIM knows: its version and mode, its login, its licence and how far everything has come."""

from __future__ import annotations

import secrets
import uuid

import attrs

CONNECTED, DISCONNECTED = "CONNECTED", "DISCONNECTED"
# How a registration goes; the vendor's older script looks for these words. Failure states are published nowhere.
BY_HAND = ("INITIALIZE_ACTIVATION", "INITIALIZE_ACTIVATION_COMPLETE", "CONFIG_REPORT_READY")
BY_ITSELF = ("INITIALIZE_ACTIVATION", "ACTIVATED", "VALID")
FIRST_RAW = (2, 22)  # from here on raw records are reported, and the NIM itself needs no licence
FIRST_WITHOUT_PUT = (2, 20)


@attrs.define(kw_only=True)
class State:
    """One NIM. `progress` counts the steps of its registration; `confirmed` is whether the second call was made."""

    version: str
    mode: str = DISCONNECTED
    instances: int = 20
    subscription: str = attrs.field(repr=False)
    username: str = "admin"
    password: str = attrs.field(factory=lambda: secrets.token_urlsafe(16), repr=False)
    asset: str = attrs.field(factory=lambda: str(uuid.uuid4()))
    licence: str | None = attrs.field(default=None, repr=False)
    telemetry: bool = False
    progress: int = 0
    confirmed: bool = False
    prepared: bool = False
    acknowledged: bool = False
    analytics: bool = True
    planes: set[str] = attrs.field(factory=set)
    log: list[str] = attrs.field(factory=list)

    @property
    def number(self) -> tuple[int, ...]:
        """Major and minor."""
        return tuple(int(part) for part in self.version.split(".")[:2])

    @property
    def is_raw(self) -> bool:
        """Whether it hands out raw usage, as from 2.22 on."""
        return self.number >= FIRST_RAW

    @property
    def registration(self) -> str:
        """The state of its licence in the words that are published; empty without one."""
        if self.licence is None:
            return ""
        states = BY_ITSELF if self.mode == CONNECTED else BY_HAND
        waits = self.number < FIRST_WITHOUT_PUT and not self.confirmed
        return states[min(self.progress, len(states) - (2 if waits else 1))]
