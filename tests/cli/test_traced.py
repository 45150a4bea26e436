"""What `trace` is asked."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

import click
import pytest

from nimnetcheck.catalogue import load
from nimnetcheck.cli.options import proxy_option
from nimnetcheck.cli.selection import selection_options
from nimnetcheck.cli.traced import MOST, Names, captured, named, profile, told, way, write_capture
from nimnetcheck.cli.way import Way, leading
from nimnetcheck.errors import InputError
from nimnetcheck.site.facts import Facts
from nimnetcheck.twin.wanted import ASKED, Unknown

if TYPE_CHECKING:
    from pathlib import Path

    from nimnetcheck.cli.selection import Selection

NIM = "proxy_config:\n  proxy_enable: true\n  proxy_host: proxy.corp\n  proxy_port: 3128\n  proxy_protocol: http\n"
ENDPOINTS = load().endpoints_for(["nim-2.21"])


def test_flows_are_asked_for_once() -> None:
    assert [(one.subject, str(one.flow)) for one in named(["tcp:192.0.2.1:443", "tcp:192.0.2.1:443"])] == [
        (ASKED, "tcp:192.0.2.1:443")
    ]


def test_there_is_an_end_to_flows() -> None:
    with pytest.raises(InputError, match="at most"):
        named(["tcp:192.0.2.1:443"] * (MOST + 1))


def test_pins_give_names_their_addresses() -> None:
    names = Names(resolve=("product.apis.f5.com:443:192.0.2.7",))
    known = {one.subject: isinstance(one, Unknown) for one in profile(ENDPOINTS, names, Way(), own=False)}
    assert not known["teem"]
    assert any(known.values()), "other names have no address, and nobody is asked"


def test_a_live_host_asks_its_resolvers_too_and_needs_them_where_it_looks_up_names_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nimnetcheck.cli.traced.configured", lambda: ((ip_address("192.0.2.53"), 53),))
    for leads, required in ((Way(), True), (leading("192.0.2.8:3128", None, Facts()), False)):
        asked = [one for one in profile(ENDPOINTS, Names(), leads, own=True) if one.subject == "resolver"]
        assert {one.required for one in asked} == {required}
        assert not [one for one in profile(ENDPOINTS, Names(), leads, own=False) if one.subject == "resolver"]


def selected(*arguments: str, own: bool = False) -> Way:
    """The way that `trace` would take with these options."""
    found: list[Way] = []

    @click.command()
    @selection_options
    @proxy_option
    @click.pass_context
    def asked(context: click.Context, /, selection: Selection, proxy: str) -> None:
        found.append(way(context, selection, proxy, own=own))

    asked.main(list(arguments), standalone_mode=False)
    return found[0]


@pytest.fixture
def conf(tmp_path: Path) -> Path:
    path = tmp_path / "nms.conf"
    path.write_text(NIM, encoding="utf-8")
    return path


def test_a_live_host_goes_the_way_that_it_is_configured_to(conf: Path) -> None:
    leads = selected("-c", str(conf), own=True)
    (told_of,) = told(leads)
    assert f"http://proxy.corp:3128 ({conf})" in told_of
    assert list(told(selected("--proxy", "none", "-c", str(conf), own=True))) == []


def test_of_a_capture_nothing_is_guessed(conf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://shell.corp:3128")
    monkeypatch.setenv("NIMNETCHECK_NMS_CONFIG", str(conf))
    assert selected().chosen is None, "the configuration of the machine that judges is another host's"
    leads = selected("-c", str(conf))
    assert leads.chosen
    assert (leads.chosen.url, leads.chosen.source) == ("http://proxy.corp:3128", str(conf))
    named_one = selected("--proxy", "http://192.0.2.8:3128")
    assert "http://192.0.2.8:3128 (--proxy)" in next(told(named_one))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("proxy_config: [", "NIM's proxy is not known"),
        ("proxy_config:\n  proxy_enable: true\n  proxy_protocol: http\n", "proxy_host is missing"),
    ],
)
@pytest.mark.parametrize("own", [False, True])
def test_a_proxy_that_cannot_be_known_is_not_taken_for_none(tmp_path: Path, text: str, said: str, *, own: bool) -> None:
    path = tmp_path / "nms.conf"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        selected("-c", str(path), own=own)


def test_a_configuration_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        selected("-c", str(tmp_path / "nms.conf"))


def test_no_password_stands_on_the_command_line() -> None:
    with pytest.raises(InputError, match="no password"):
        selected("--proxy", "http://user:word@192.0.2.8:3128")


def test_a_capture_and_files_contradict_each_other(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="one or the other"):
        captured(tmp_path / "capture", nft=tmp_path / "rules")
    with pytest.raises(InputError, match="reads this host"):
        write_capture(tmp_path / "to", None, nft=tmp_path / "rules")
