"""A bundle says the same as its run without saying whose it is, and the kernel judges its ruleset the same."""

from __future__ import annotations

import json
from ipaddress import ip_address
from typing import TYPE_CHECKING

import attrs
import pytest

from nimnetcheck import archive
from nimnetcheck.bundle.contents import BUNDLE, read
from nimnetcheck.bundle.make import Made, redacted, unredacted
from nimnetcheck.bundle.pseudonyms import Pseudonyms
from nimnetcheck.twin.ask import ask
from nimnetcheck.twin.capture import archive as capture_archive
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.wire import Question
from tests.bundle.material import KEEP, KEY, MATERIAL, SITES_OWN

if TYPE_CHECKING:
    from pathlib import Path

    from nimnetcheck.model import Address

FLOWS = (
    "tcp:159.60.126.1:443",
    "tcp:159.60.126.99:443",
    "tcp:10.20.31.31:3128",
    "tcp:10.20.40.70:3128",
    "tcp:10.20.40.78:3128",
    "udp:10.20.53.53:53",
    "udp:10.20.53.54:53",
)


def written(path: Path, made: Made) -> Path:
    path.write_bytes(made.data)
    return path


def everything(made: Made) -> str:
    """All texts of a bundle, those of its firewall too."""
    files = archive.unpack(made.data, BUNDLE)
    files.update(archive.unpack(files.pop("firewall.tar.gz"), capture_archive.CAPTURE))
    return "\n".join(data.decode() for data in files.values())


def test_nothing_of_the_site_is_in_it() -> None:
    text = everything(redacted(MATERIAL, KEY, KEEP))
    assert not [word for word in SITES_OWN if word in text]
    assert "159.60.126.0/26" in text
    assert "product.connect.nginx.com" in text


def test_without_redaction_everything_is_in_it() -> None:
    text = everything(unredacted(MATERIAL))
    assert not [word for word in SITES_OWN if word not in text]


def test_it_is_judged_as_the_run_was(tmp_path: Path) -> None:
    for made in (redacted(MATERIAL, KEY, KEEP), unredacted(MATERIAL)):
        told = read(written(tmp_path / "b.tar.gz", made)).saved.report()
        own = MATERIAL.run.report(MATERIAL.observations)
        assert [finding.code for finding in told.findings] == [finding.code for finding in own.findings]
        assert (told.verdict, told.exit_code, told.run_id) == (own.verdict, own.exit_code, own.run_id)


def test_a_certificate_that_names_somebody_of_the_sites_is_left_out_and_counted() -> None:
    said = [{"sha256": "a" * 64, "names": ["product.apis.f5.com"]}, {"sha256": "b" * 64, "names": ["proxy.bank.de"]}]
    seen = attrs.evolve(MATERIAL.observations[0], evidence={"chain": said})
    held = {letter * 64: "PEM" for letter in "ab"}
    material = attrs.evolve(MATERIAL, observations=(seen,), certificates=held)
    files = archive.unpack(redacted(material, KEY, KEEP).data, BUNDLE)
    assert [name for name in files if name.endswith(".pem")] == [f"certificates/{'a' * 64}.pem"]
    assert json.loads(files["manifest.json"])["taken_out"]["certificate"] == 1
    assert f"certificates/{'b' * 64}.pem" in archive.unpack(unredacted(material).data, BUNDLE)


def test_the_map_reverses_it() -> None:
    given = json.loads(redacted(MATERIAL, KEY, KEEP).names)
    assert {"nim01.corp.bank.de", "10.20.0.1", "proxy.corp.bank.de", "10.20.31.0/24"} <= set(given["names"].values())
    assert given["key"] == KEY.hex()


def test_two_bundles_of_one_site_cannot_be_laid_over_each_other() -> None:
    one, other = (json.loads(redacted(MATERIAL, key, KEEP).names)["names"] for key in (KEY, b"another"))
    assert {name for name in one if name.startswith("host-")}.isdisjoint(other)
    assert [one[name] for name in one if other.get(name) == one[name]] == []


@pytest.mark.kernel
def test_the_kernel_judges_the_ruleset_with_pseudonyms_the_same(tmp_path: Path) -> None:
    own = read(written(tmp_path / "b.tar.gz", unredacted(MATERIAL))).firewall
    firewall = read(written(tmp_path / "b.tar.gz", redacted(MATERIAL, KEY, KEEP))).firewall
    assert firewall is not None
    assert own is not None
    there = Pseudonyms(KEY, keep=KEEP)
    there.keep_order(ip_address("10.20.40.5"), ip_address("10.20.40.77"))
    moved = [_with(flow, there.address(ip_address(flow.split(":")[1]))) for flow in FLOWS]
    verdicts = [
        [judged.verdict for judged in ask(Question(capture=capture, flows=tuple(map(parse, flows)))).rounds[0].judged]
        for capture, flows in ((own, list(FLOWS)), (firewall, moved))
    ]
    assert verdicts[0] == verdicts[1]
    assert [str(verdict) for verdict in verdicts[0]] == ["accept", "drop", "accept", "accept", "drop", "accept", "drop"]


def _with(flow: str, address: Address) -> str:
    protocol, _, port = flow.split(":")
    return f"{protocol}:{address}:{port}"
