"""A NIM's certificate is trusted because somebody vouches for it, never because nobody asked."""

from __future__ import annotations

import hashlib
import stat
from typing import TYPE_CHECKING

import attrs
import pytest
import trustme
from click.testing import CliRunner

from nimnetcheck.cli import nim_trust
from nimnetcheck.cli.nim_trust import Wanted, anchor, pins
from nimnetcheck.emulator import running
from nimnetcheck.errors import InputError
from nimnetcheck.submission.connection import look
from nimnetcheck.submission.route import Anchor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nimnetcheck.emulator import Vendor
    from nimnetcheck.model import World

URL = "https://nim.example"
NOBODY = Wanted()
SUM = "ab" * 32


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


@pytest.fixture(scope="module")
def vendor() -> Iterator[Vendor]:
    with running() as vendor:
        yield vendor


@pytest.fixture
def strange(vendor: Vendor, tmp_path: Path) -> World:
    """A world whose store knows nobody who signed the NIM's certificate."""
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    return attrs.evolve(vendor.world, ca_file=other)


def test_what_the_store_vouches_for_needs_no_question(vendor: Vendor) -> None:
    assert anchor(URL, NOBODY, vendor.world, 10) == Anchor()


def test_without_a_terminal_nothing_is_trusted_and_the_way_is_told(strange: World, vendor: Vendor) -> None:
    before = len(vendor.requests)
    with pytest.raises(InputError, match=r"--nim-ca FILE, or --nim-fingerprint [0-9a-f]{64}"):
        anchor(URL, NOBODY, strange, 10)
    assert len(vendor.requests) == before
    assert not pins().exists()


def answered(monkeypatch: pytest.MonkeyPatch, world: World, said: str) -> tuple[Anchor | None, str]:
    """The anchor that comes of the question at a terminal, and what was shown."""
    found: list[Anchor] = []
    monkeypatch.setattr(nim_trust, "_at_a_terminal", lambda: True)
    runner = CliRunner()
    with runner.isolation(input=f"{said}\n") as streams:
        try:
            found.append(anchor(URL, NOBODY, world, 10))
        except InputError as error:
            return None, str(error)
    return found[0], (streams[1] or streams[0]).getvalue().decode()


def test_at_a_terminal_the_certificate_is_shown_and_a_yes_is_remembered(
    strange: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted, shown = answered(monkeypatch, strange, "y")
    assert trusted is not None
    assert trusted.sha256 in shown
    assert "unable to get local issuer" in shown
    assert pins().read_text() == f"nim.example:443 {trusted.sha256}\n"
    assert stat.S_IMODE(pins().stat().st_mode) == 0o600
    monkeypatch.setattr(nim_trust, "_at_a_terminal", lambda: False)
    assert anchor(URL, NOBODY, strange, 10) == trusted, "the second time nobody is asked"


@pytest.mark.parametrize("said", ["n", "", "maybe\nn"])
def test_anything_but_a_yes_is_a_no(strange: World, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    trusted, shown = answered(monkeypatch, strange, said)
    assert trusted is None
    assert "not trusted" in shown
    assert not pins().exists()


def test_a_pin_is_for_its_host_and_port(strange: World) -> None:
    pins().parent.mkdir(parents=True)
    pins().write_text(f"nim.example:8443 {SUM}\nother.example:443 {SUM}\n")
    with pytest.raises(InputError):
        anchor(URL, NOBODY, strange, 10)
    assert anchor(f"{URL}:8443", NOBODY, strange, 10) == Anchor(sha256=SUM)


@pytest.mark.parametrize(
    "text",
    [SUM, SUM.upper(), ":".join([SUM[:2]] * 32), f"SHA256:{SUM}", "sha256 Fingerprint=" + ":".join(["AB"] * 32)],
)
def test_a_fingerprint_is_read_as_tools_print_it(strange: World, text: str) -> None:
    assert anchor(URL, Wanted(fingerprint=text), strange, 10) == Anchor(sha256=SUM)


@pytest.mark.parametrize("text", ["ab", SUM + "0", "g" * 64, "SHA1:" + "ab" * 20])
def test_what_is_no_sha256_is_refused(strange: World, text: str) -> None:
    with pytest.raises(InputError, match="--nim-fingerprint"):
        anchor(URL, Wanted(fingerprint=text), strange, 10)


def test_a_ca_file_stands_for_the_store(strange: World, vendor: Vendor, tmp_path: Path) -> None:
    path = tmp_path / "nim.pem"
    with pytest.raises(InputError, match="no such file"):
        anchor(URL, Wanted(ca_file=path), strange, 10)
    path.write_bytes(vendor.ca_pem)
    assert anchor(URL, Wanted(ca_file=path), strange, 10) == Anchor(ca_file=path)


@pytest.mark.parametrize("line", ["nonsense", f"a {SUM} b", "a b", "\x00"])
def test_a_damaged_file_of_pins_is_refused_and_not_taken_for_empty(strange: World, line: str) -> None:
    pins().parent.mkdir(parents=True)
    pins().write_text(f"x:1 {SUM}\n{line}\n")
    with pytest.raises(InputError, match="nim-certificates:2"):
        anchor(URL, NOBODY, strange, 10)


def test_the_fingerprint_is_that_of_the_certificate(strange: World, monkeypatch: pytest.MonkeyPatch) -> None:
    trusted, _ = answered(monkeypatch, strange, "y")
    assert trusted is not None
    assert trusted.sha256 == hashlib.sha256(look(strange, "nim.example", 443, timeout_s=10)[0]).hexdigest()
