"""The head says what is opened, for whom, by which page, when it helps, and how to load, check and remove it."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Callable

import pytest

from nimnetcheck.errors import InputError
from nimnetcheck.firewall import BACKENDS, Mode, Proxy
from nimnetcheck.firewall.header import comment
from nimnetcheck.model import Direction

Render = Callable[..., str]


def flat(text: str) -> str:
    """The head as running text, so that where lines end does not matter."""
    return " ".join(line.strip("# ") for line in text.split("\n") if line.startswith("#"))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("mode", Mode)
def test_it_says_everything(render: Render, backend: str, mode: Mode) -> None:
    head = flat(render(backend, mode, "nim-2.22"))
    for words in (
        f"nimnetcheck 0.1.0: egress rules for {backend}",
        f"mode {mode}",
        "Made: 2026-01-01T00:00:00Z",
        "For: nim-2.22",
        "telemetry-range: 159.60.126.0/25, port 443/tcp",
        "product.connect.nginx.com (3.135.72.139/32, 3.133.232.50/32, 52.14.85.249/32, 2600:1f16:19c8:d400::/62)",
        "From: nim, nginx-plus, upload-host.",
        "https://docs.nginx.com/solutions/about-subscription-licenses/getting-started/",
        "When this helps: where",
        "Load: ",
        "Check: ",
        "Remove: ",
    ):
        assert words in head


@pytest.mark.parametrize("backend", BACKENDS)
def test_names_that_wait_are_listed_with_what_to_do(render: Render, backend: str) -> None:
    head = flat(render(backend, Mode.ALLOW, "nim-2.21", addresses={"product.apis.f5.com": (ip_address("192.0.2.7"),)}))
    assert "product.apis.f5.com (192.0.2.7)" in head
    assert "Not resolved: product-s.apis.f5.com: no addresses are published" in head
    assert "nimnetcheck_host4_443" in head
    assert "Not resolved" not in flat(render(backend, Mode.ALLOW, "nim-2.22"))


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_pattern_is_explained(render: Render, backend: str) -> None:
    head = flat(render(backend, Mode.ALLOW, "browser"))
    assert "Opens: no endpoint." in head
    assert "Never opened: *.walkme.com" in head


def test_a_proxy_is_named_and_what_does_not_go_through_it(render: Render) -> None:
    head = flat(render("nftables", Mode.ALLOW, "nim-2.22", via_proxy=Proxy(host="192.0.2.8", port=3128)))
    assert "the forward proxy 192.0.2.8:3128 (192.0.2.8/32), and not the endpoints behind it" in head
    assert "159.60.126.0/25) do not go through its proxy; they are not opened here" in head


def test_replies_are_explained(render: Render) -> None:
    assert "no listening port is opened" in flat(render("nftables", Mode.ALLOW, direction=Direction.BOTH))
    assert "--direction both" in flat(render("nftables", Mode.LOCKDOWN))
    assert "firewalld lets established and related packets in by itself" in flat(render("firewalld", Mode.ALLOW))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("mode", Mode)
def test_lines_fit_a_screen(render: Render, backend: str, mode: Mode) -> None:
    lines = [line for line in render(backend, mode).split("\n") if line.startswith("#")]
    assert max(map(len, lines)) <= 120


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\x00", "\x1b[31m", "\u2028", "\u202e", "\x85"])
def test_a_line_that_is_more_than_a_line_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="printable"):
        comment([text])


def test_a_line_is_a_comment() -> None:
    assert comment(["add rule", ""]) == "# add rule\n#\n"
