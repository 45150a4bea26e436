"""A value comes from the flag, the environment or a file, in this order, and its source is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from nimnetcheck.cli import config
from nimnetcheck.cli.config import settings
from nimnetcheck.cli.network import NetworkOptions, network_options
from nimnetcheck.cli.options import command
from nimnetcheck.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


@command(name="probe")
@network_options
@click.pass_context
def echo(context: click.Context, network: NetworkOptions) -> None:
    """Print the time-out and its source."""
    source = next(setting.source for setting in settings(context) if setting.key == "timeout")
    click.echo(f"{network.timeout_s} {source}")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    (tmp_path / "xdg" / "nimnetcheck").mkdir(parents=True)
    return tmp_path


def run(*arguments: str, **environment: str) -> str:
    result = CliRunner(env=environment).invoke(echo, arguments, catch_exceptions=False)
    return result.output.strip()


def test_the_default(home: Path) -> None:
    assert run() == "5.0 default"
    assert home.is_dir()


def test_the_strongest_source_wins(home: Path) -> None:
    (home / "xdg" / "nimnetcheck" / "config.toml").write_text("timeout = 1\n", encoding="utf-8")
    assert run() == f"1.0 {home}/xdg/nimnetcheck/config.toml"
    (home / "nimnetcheck.toml").write_text("timeout = 2\n[probe]\ntimeout = 3\n", encoding="utf-8")
    assert run() == "3.0 nimnetcheck.toml"
    assert run(NIMNETCHECK_TIMEOUT="4") == "4.0 environment"
    assert run("--timeout", "6", NIMNETCHECK_TIMEOUT="4") == "6.0 flag"


def test_what_other_commands_take_is_not_refused(home: Path) -> None:
    (home / "nimnetcheck.toml").write_text('[rules]\nmode = "insert"\n', encoding="utf-8")
    assert run() == "5.0 default"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("timeout = ", r"nimnetcheck\.toml:1: not TOML"),
        ("\n[probe]\ncolour = 1\n", r"nimnetcheck\.toml:3: nimnetcheck probe has no option --colour"),
        ("probe = 1\n", r"nimnetcheck\.toml:1: \[probe\] must be a table"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(home: Path, text: str, reason: str) -> None:
    (home / "nimnetcheck.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=reason):
        run()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("http://me:marked@proxy:3128", "http://[hidden]@proxy:3128"),
        ("me:marked@proxy:3128", "[hidden]@proxy:3128"),
        ("me@example.org", "me@example.org"),
        (("a", "http://:marked@b"), "a, http://[hidden]@b"),
        ("https://nim.example/a@b", "https://nim.example/a@b"),
        (None, ""),
    ],
)
def test_credentials_in_a_url_are_not_shown(value: object, shown: str) -> None:
    assert config._shown(value) == shown  # noqa: SLF001 (what the report shows of a value)
