"""An emulation is made whole: what the NIM trusts, and which way it goes out."""

from __future__ import annotations

from nimnetcheck.emulator import CONNECTED, running
from nimnetcheck.emulator.faults import Faults
from nimnetcheck.emulator.parts import Parts


def test_two_emulations_share_no_trust_and_no_password() -> None:
    first, second = (Parts.made(Faults(), "2.21.0", CONNECTED, 1) for _ in range(2))
    assert first.authority.ca_pem != second.authority.ca_pem
    assert first.state.password != second.state.password


def test_both_proxies_lead_to_the_emulated_names_and_one_wants_credentials() -> None:
    with running() as vendor:
        assert vendor.proxy.authorization == ""
        assert vendor.guarded_proxy.authorization.startswith("Basic ")
        assert vendor.guarded_proxy.authorization not in repr(vendor)
