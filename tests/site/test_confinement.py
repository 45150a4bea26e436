"""What shuts a service in is told with its file, each beside a setting that looks alike and lets it out."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.model import Connector, Endpoint, Failure, Observation, Outcome, Rung, Target
from nimnetcheck.site.confinement import observe
from nimnetcheck.site.facts import Facts
from nimnetcheck.site.versions import Versions

if TYPE_CHECKING:
    from pathlib import Path

USAGE = Endpoint(
    id="usage",
    host="usage.example",
    networks=(ip_network("192.0.2.0/30"),),
    connects=(Connector.NIM, Connector.NGINX_PLUS),
    versions="",
    purpose="",
    source="",
)
BOTH = Facts(versions=Versions(nim=(2, 22), nginx_plus=34))


def told(folder: Path, *lines: str, unit: str = "nms-integrations", facts: Facts = BOTH, seen: str = "") -> str:
    (folder / f"{unit}.service").write_text("\n".join(["[Service]", *lines]), encoding="utf-8")
    probed = [tried(seen)] if seen else []
    found = observe(facts, [USAGE], probed, (folder,))
    assert all((one.failure, one.rung) == (Failure.BLOCKED_LOCALLY, Rung.HOST) for one in found)
    return "; ".join(one.detail for one in found)


def tried(address: str) -> Observation:
    target = Target(address=ip_address(address), port=443, host="usage.example")
    return Observation(subject="usage", rung=Rung.TCP, title="TCP", outcome=Outcome.PASSED, target=target)


@pytest.mark.parametrize(
    ("shut", "open_"),
    [
        (("PrivateNetwork=yes",), ("PrivateNetwork=yes", "PrivateNetwork=no")),
        (("RestrictAddressFamilies=AF_UNIX",), ("RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",)),
        (("RestrictAddressFamilies=~AF_INET AF_INET6",), ("RestrictAddressFamilies=~AF_PACKET",)),
        (("RestrictAddressFamilies=none",), ("RestrictAddressFamilies=none", "RestrictAddressFamilies=")),
        (("SystemCallFilter=~@network-io",), ("SystemCallFilter=@system-service",)),
        (("RestrictNetworkInterfaces=lo",), ("RestrictNetworkInterfaces=lo eth0",)),
        (("IPAddressDeny=any",), ("IPAddressDeny=any", "IPAddressAllow=192.0.2.0/24")),
        (("IPAddressDeny=192.0.2.0/24", "IPAddressAllow=localhost"), ("IPAddressDeny=198.51.100.0/24",)),
        (("IPAddressDeny=0.0.0.0/0 nonsense",), ("IPAddressDeny=::/0",)),
    ],
)
def test_a_unit_that_shuts_its_service_in(tmp_path: Path, shut: tuple[str, ...], open_: tuple[str, ...]) -> None:
    words = told(tmp_path, *shut)
    assert shut[0] in words
    assert str(tmp_path / "nms-integrations.service") in words
    assert told(tmp_path, *open_) == ""


def test_where_the_probes_went_counts_and_one_address_suffices(tmp_path: Path) -> None:
    allowed = ("IPAddressDeny=any", "IPAddressAllow=192.0.2.1")
    assert "leaves out 192.0.2.2" in told(tmp_path, *allowed, seen="192.0.2.2")
    assert told(tmp_path, *allowed, seen="192.0.2.1") == ""
    assert "leaves out 192.0.2.0/30" in told(tmp_path, *allowed)


def test_an_nginx_counts_only_where_it_is_nginx_plus(tmp_path: Path) -> None:
    assert "PrivateNetwork" in told(tmp_path, "PrivateNetwork=yes", unit="nginx")
    nim_alone = Facts(versions=Versions(nim=(2, 22)))
    assert told(tmp_path, "PrivateNetwork=yes", unit="nginx", facts=nim_alone) == ""


def test_what_the_products_do_not_connect_to_is_no_reason(tmp_path: Path) -> None:
    (tmp_path / "nms-integrations.service").write_text("[Service]\nPrivateNetwork=yes\n", encoding="utf-8")
    assert observe(BOTH, [], [], (tmp_path,)) == ()
