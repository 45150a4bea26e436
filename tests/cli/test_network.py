"""The options of commands that probe arrive gathered in one value."""

from __future__ import annotations

import click
from click.testing import CliRunner

from nimnetcheck.cli.network import NetworkOptions, network_options
from nimnetcheck.cli.options import command


@command()
@network_options
def echo(network: NetworkOptions) -> None:
    """Print what arrived."""
    click.echo(f"{network.versions} {sorted(network.world.pins)}")


def run(*arguments: str) -> str:
    return CliRunner().invoke(echo, arguments, catch_exceptions=False).output.strip()


def test_the_defaults() -> None:
    assert run() == "(4, 6) []"


def test_what_is_given_arrives() -> None:
    given = ("-6", "--resolve", "a.example:443:192.0.2.1")
    assert run(*given) == "(6,) [('a.example', 443)]"
