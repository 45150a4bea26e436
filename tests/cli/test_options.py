"""Shared options arrive gathered in one value, checked."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from nimnetcheck.cli.options import Output, command, report_options


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
