"""Shared options arrive gathered in one value, checked."""

from __future__ import annotations

from ipaddress import ip_address

import click
import pytest
from click.testing import CliRunner

from nimnetcheck.cli.options import NetworkOptions, Output, command, network_options, parse_pin, report_options
from nimnetcheck.errors import InputError


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


def test_a_pin_reads_as_curl_writes_it() -> None:
    assert parse_pin("A.example:443:[2001:db8::1]") == (("a.example", 443), ip_address("2001:db8::1"))


@pytest.mark.parametrize("text", ["a.example:443", "a b:443:192.0.2.1", "a.example:x:192.0.2.1", "a.example:443:no"])
def test_a_broken_pin_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_pin(text)


@command()
@report_options
def told(output: Output) -> None:
    """Print what arrived."""
    click.echo(f"{output.form} {output.ticket}")


@pytest.mark.parametrize(
    ("arguments", "arrived"),
    [
        ((), "text None"),
        (("-o", "junit"), "junit None"),
        (("--ticket", "network"), "text network"),
        (("--ticket", "vendor", "-o", "markdown"), "markdown vendor"),
    ],
)
def test_a_report_has_a_form_and_may_be_a_page_to_hand_on(arguments: tuple[str, ...], arrived: str) -> None:
    assert CliRunner().invoke(told, arguments, catch_exceptions=False).output.strip() == arrived


@pytest.mark.parametrize("arguments", [("--ticket", "network", "-o", "json"), ("-o", "markdown"), ("--ticket", "x")])
def test_what_cannot_be_is_refused_before_anything_runs(arguments: tuple[str, ...]) -> None:
    result = CliRunner().invoke(told, arguments)
    assert result.exit_code == 2
    assert "ticket" in result.output
