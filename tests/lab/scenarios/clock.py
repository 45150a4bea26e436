"""Clocks that are wrong: only the client lives at another time, by libfaketime."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from tests.lab.scenario import as_named
from tests.lab.scenarios.tls import served
from tests.lab.servers import dnsmasq, f5

if TYPE_CHECKING:
    from tests.lab.scenario import Scenario, Start

# Debian puts it into a folder named after the machine's kind; without it the laboratory says what is missing.
FAKETIME = next(map(str, Path("/usr/lib").glob("*/faketime/libfaketime.so.1")), "libfaketime.so.1")
ARGUMENTS = ("diagnose", "-4", "--timeout", "1.5", "--for", "nginx-plus")
LOOK_ALIKES = ("tls.expired", "tls.not-yet-valid", "jwt.expired")
TODAY = datetime.now(timezone.utc) - timedelta(hours=1)


def scenario(name: str, shows: str, start: Start, shift: str) -> Scenario:
    """A client whose clock is shifted, as libfaketime writes it."""
    environment = {"LD_PRELOAD": FAKETIME, "FAKETIME": shift, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    return as_named(name, shows, start, dnsmasq.start, never=LOOK_ALIKES, arguments=ARGUMENTS, environment=environment)


SCENARIOS = (
    scenario("local.bad-clock.ahead", "the client's clock runs two days ahead", f5.start, "+2d"),
    scenario("local.bad-clock.behind", "the client's clock runs two days behind", f5.start, "-2d"),
    scenario(
        "local.bad-clock.battery",
        "the client's clock stands years back: every certificate seems to begin later",
        served(not_before=TODAY, not_after=TODAY + timedelta(days=9)),
        "-9y",
    ),
    scenario(
        "tls.not-yet-valid.clock",
        "the clock runs two days behind, and nothing that was verified tells the time: the certificate is newer",
        served(not_before=TODAY, not_after=TODAY + timedelta(days=9)),
        "-2d",
    ),
)
