"""A capture is a frozen value that says which firewall each text belongs to."""

from __future__ import annotations

import attrs
import pytest

from nimnetcheck.twin.capture.value import Capture, Save, Source, Variant

LEGACY_SIX = Save(variant=Variant.LEGACY, version=6, source=Source(file="rules.v6", text="*filter\nCOMMIT\n"))


def test_a_save_is_found_by_variant_and_version_only() -> None:
    capture = Capture(saves=(LEGACY_SIX,))
    assert capture.save(Variant.LEGACY, 6) is LEGACY_SIX
    assert capture.save(Variant.NFT, 6) is None
    assert capture.save(Variant.LEGACY, 4) is None


def test_a_save_names_the_tool_that_reads_it() -> None:
    assert LEGACY_SIX.tool == "ip6tables-legacy"
    assert attrs.evolve(LEGACY_SIX, variant=Variant.NFT, version=4).tool == "iptables-nft"


def test_a_capture_cannot_be_changed_afterwards() -> None:
    given = {"net.ipv4.ip_forward": "0"}
    capture = Capture(sysctls=given)
    given["net.ipv4.ip_forward"] = "1"
    assert capture.sysctls == {"net.ipv4.ip_forward": "0"}
    with pytest.raises(TypeError):
        capture.sysctls["net.ipv4.ip_forward"] = "1"  # type: ignore[index]  # it is frozen, and shown to be


def test_rules_do_not_fill_a_screen_when_a_capture_is_shown() -> None:
    assert "COMMIT" not in repr(Capture(saves=(LEGACY_SIX,)))
