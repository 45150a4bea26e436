"""Which profiles are in force, and who said so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from nimnetcheck.cli.options import command
from nimnetcheck.cli.selection import Selection, selection_options
from nimnetcheck.errors import InputError
from nimnetcheck.paths import NGINX_CONF
from nimnetcheck.site import facts
from nimnetcheck.site.facts import Facts
from nimnetcheck.site.nginx_conf import Mgmt
from nimnetcheck.site.versions import Versions

if TYPE_CHECKING:
    from pathlib import Path


@command()
@selection_options
@click.pass_context
def echo(context: click.Context, selection: Selection) -> None:
    """Print what arrived."""
    (chosen,) = (setting for setting in selection.settings(context) if setting.key == "for")
    click.echo(f"{', '.join(selection.profiles)} ({chosen.source})")


def run(*arguments: str) -> str:
    return CliRunner().invoke(echo, arguments, catch_exceptions=False).output.strip()


def installed(monkeypatch: pytest.MonkeyPatch, *, nim: tuple[int, ...] | None = None) -> None:
    monkeypatch.setattr(facts, "read", lambda _path: Facts(versions=Versions(nim=nim)))


def test_where_nothing_is_installed_all_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch)
    assert run() == "all (default)"


def test_what_is_installed_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, nim=(2, 22, 0))
    assert run() == "nim-2.22 (what is installed here)"


def test_what_the_user_says_decides_over_what_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, nim=(2, 22, 0))
    assert run("--for", "nim-2.21", "--for", "browser") == "nim-2.21, browser (flag)"


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(InputError, match="no profile 'nim-9'"):
        assert Selection(asked=("nim-9",)).endpoints


def test_nim_s_configuration_is_read_where_the_user_says(tmp_path: Path) -> None:
    path = tmp_path / "nms.conf"
    path.write_text("integrations: {license: {mode_of_operation: disconnected}}", encoding="utf-8")
    nms = Selection(nms_config=path).facts.nms
    assert nms is not None
    assert nms.mode == "disconnected"


def test_where_reports_go_to_a_nim_that_is_probed_and_f5_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    mgmt = Mgmt(path=NGINX_CONF, endpoint="nim.example:8443")
    monkeypatch.setattr(facts, "read", lambda _path: Facts(versions=Versions(nginx_plus=34), mgmt=mgmt))
    assert [(one.host, one.port) for one in Selection().endpoints] == [("nim.example", 8443)]
    assert [one.id for one in Selection(asked=("nginx-plus",)).endpoints] == ["usage"]
