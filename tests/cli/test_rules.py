"""`nimnetcheck rules`, as people and machines use it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from importlib import resources
from typing import TYPE_CHECKING

import jsonschema
import pytest

from nimnetcheck.cli import run
from nimnetcheck.firewall import BACKENDS, Mode

if TYPE_CHECKING:
    from pathlib import Path

OLD = ["--for", "nim-2.21"]
NEW = ["--for", "nim-2.22"]
PINS = ["--pin", "product.apis.f5.com=192.0.2.7", "--pin", "product-s.apis.f5.com=192.0.2.8"]


@pytest.fixture
def rules(capsys: pytest.CaptureFixture[str]) -> Rules:
    return Rules(capsys)


class Rules:
    """The command line, its exit code and what it said."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str, code: int = 0) -> tuple[str, str]:
        """Run it, and return what it printed on stdout and stderr."""
        done = run(["rules", *arguments])
        said = self._capsys.readouterr()
        assert done == code, said.err
        return said.out, said.err


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("mode", Mode)
def test_every_backend_and_mode(rules: Rules, backend: str, mode: Mode) -> None:
    text, said = rules(backend, "--mode", str(mode), *NEW)
    assert "159.60.126.0/25" in text
    assert f"mode {mode}" in text
    assert said == ""


@pytest.mark.parametrize("backend", BACKENDS)
def test_json_holds_the_same(rules: Rules, backend: str) -> None:
    document = json.loads(rules(backend, "-o", "json", "--direction", "both", *OLD)[0])
    schema = json.loads((resources.files("nimnetcheck.report") / "rules.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, schema)
    assert document["backend"] == backend
    assert document["opens"][0]["networks"] == ["159.60.126.0/25"]
    assert document["unresolved"] == ["product.apis.f5.com", "product-s.apis.f5.com"]
    assert document["endpoints"] == ["telemetry-range", "teem", "teem-entitlements"]
    assert "159.60.126.0/25" in document["text"]


def test_names_without_addresses_are_said_on_the_side(rules: Rules) -> None:
    text, said = rules("nftables", *OLD)
    assert said == (
        "nimnetcheck: no address is known for product.apis.f5.com, product-s.apis.f5.com, so not opened: "
        "--pin or --resolve live\n"
    )
    assert text.startswith("# nimnetcheck")
    assert rules("nftables", "-q", *OLD)[1] == ""
    rules("nftables", "--strict", *OLD, code=4)
    rules("nftables", "--strict", *NEW)


def test_pins_fill_the_sets(rules: Rules) -> None:
    text, said = rules("nftables", *OLD, *PINS, "--pin", "Product.apis.f5.com=2001:db8::7", "--strict")
    assert "nimnetcheck_host4_443 { 192.0.2.7, 192.0.2.8 }" in text
    assert "nimnetcheck_host6_443 { 2001:db8::7 }" in text
    assert said == ""


def test_a_proxy_stands_for_the_endpoints(rules: Rules) -> None:
    text, _ = rules("nftables", "--via-proxy", "proxy.example:3128", "--pin", "proxy.example=192.0.2.8")
    assert "ip daddr @nimnetcheck_host4_3128 tcp dport 3128" in text
    assert "443" not in "".join(line for line in text.split("\n") if not line.startswith("#"))


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("ufw",), "ufw"),
        (("nftables", "--mode", "drop"), "drop"),
        (("nftables", "--for", "nim-9"), "no profile 'nim-9'"),
        (("nftables", "--into", "inet filter output"), "mode insert only"),
        (("nftables", "--mode", "insert", "--into", "x; y"), "FAMILY TABLE CHAIN"),
        (("firewalld", "--mode", "insert", "--into", "x"), "no meaning for firewalld"),
        (("nftables", "--pin", "product.apis.f5.com"), "write HOST=ADDRESS"),
        (("nftables", "--pin", "product.apis.f5.com=1.2.3"), "not an IP address"),
        (("nftables", "--pin", "product.apis.f5.com=0.0.0.0"), "no address of a remote host"),
        (("nftables", "--pin", "other.example=192.0.2.1"), "need the addresses of product.apis.f5.com"),
        (("nftables", "--via-proxy", "proxy.example:3128"), "--pin proxy.example=ADDRESS"),
        (("nftables", "--via-proxy", "proxy"), "write HOST:PORT"),
        (("nftables", "--via-proxy", "$(reboot):1"), "not an IP address"),
        (("nftables", "--catalogue", "none.toml"), "none.toml"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(rules: Rules, arguments: tuple[str, ...], why: str) -> None:
    text, said = rules(*arguments, code=2)
    assert text == ""
    assert why in said
    assert "Traceback" not in said


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    "line",
    [
        'host = "a.example; flush ruleset"',
        'host = "a.example\\n-A OUTPUT -j ACCEPT"',
        'host = "<accept/>"',
        'networks = ["192.0.2.0/24 accept"]',
        'networks = ["0.0.0.0/0"]',
        'networks = ["192.0.2.1/24"]',
        'host = "a.example"\nnote = "x\\nEND"',
        'host = "a.example"\npurpose = "x\\u001b[2J"',
    ],
)
def test_a_hostile_catalogue_is_refused(rules: Rules, tmp_path: Path, backend: str, line: str) -> None:
    path = tmp_path / "mine.toml"
    purpose = "" if "purpose" in line else '\npurpose = "p"'
    path.write_text(f'[[endpoint]]\nid = "mine"\nconnects = ["nim"]\n{line}{purpose}\n', encoding="utf-8")
    text, said = rules(backend, "--catalogue", str(path), code=2)
    assert text == ""
    assert said.startswith(f"nimnetcheck: {path}:")


def test_the_users_endpoints_are_opened_too(rules: Rules, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        '[[endpoint]]\nid = "nim"\nnetworks = ["192.0.2.10"]\nport = 8443\npurpose = "Our NIM, #1 \'--> `x`"\n',
        encoding="utf-8",
    )
    text, _ = rules("nftables", "--catalogue", str(path), *NEW)
    assert "nimnetcheck_net4_8443 { 192.0.2.10/32 }" in text


def test_a_file_is_written_whole_or_not_at_all(rules: Rules, tmp_path: Path) -> None:
    path = tmp_path / "rules.nft"
    assert rules("nftables", "--output-file", str(path), *NEW)[0] == ""
    assert "159.60.126.0/25" in path.read_text(encoding="utf-8")
    before = path.read_bytes()
    rules("nftables", "--into", "x", "--output-file", str(path), *NEW, code=2)
    assert path.read_bytes() == before
    rules("nftables", "--output-file", str(tmp_path / "none" / "x"), *NEW, code=2)


def test_live_asks_dns_and_an_unanswered_name_waits(rules: Rules, monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(hosts: tuple[str, ...], world: object) -> dict[str, tuple[object, ...]]:
        assert world is not None
        return {host: pinned.get(host, ()) for host in hosts}

    from ipaddress import ip_address  # noqa: PLC0415 (beside its only use)

    pinned: dict[str, tuple[object, ...]] = {"product.apis.f5.com": (ip_address("192.0.2.7"),)}
    monkeypatch.setattr("nimnetcheck.probe.resolve", resolve)
    text, said = rules("nftables", "--resolve", "live", *OLD)
    assert "nimnetcheck_host4_443 { 192.0.2.7 }" in text
    assert "flush set inet nimnetcheck nimnetcheck_host4_443" not in text
    assert "no address is known for product-s.apis.f5.com" in said


def test_nothing_is_asked_unless_it_is_wanted(rules: Rules, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was made")

    monkeypatch.setattr(socket, "socket", refuse)
    rules("nftables", *OLD)


def test_no_network_library_is_loaded_to_write_rules() -> None:
    code = "import sys; from nimnetcheck.cli import run; run(['rules', 'nftables', '-q'])"
    code += "; print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = set(done.stderr.split())
    assert loaded & {"dns", "httpx", "cryptography", "starlette"} == set()
    assert "netaddr" in loaded


@pytest.mark.kernel
@pytest.mark.parametrize(("mode", "beside"), [("allow", "leave as before"), ("lockdown", "do not")])
def test_the_kernel_shows_what_a_file_does(mode: str, beside: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nimnetcheck", "rules", "nftables", "--mode", mode, "--for", "nim-2.22", "--verify"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "133 flows leave" in done.stderr
    assert beside in done.stderr
    assert "add table inet nimnetcheck" in done.stdout
