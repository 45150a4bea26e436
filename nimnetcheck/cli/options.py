"""The options that commands share, each group gathered into one value.

A value comes from the flag, else NIMNETCHECK_*, else ./nimnetcheck.toml, the user's or the host's file; `settings` says
which. A decorated command receives `network` or `output` instead of a dozen loose arguments; `selection` likewise.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, TypeVar

import attrs
import click

from nimnetcheck.cli import config
from nimnetcheck.report import FORMS, SHEETS, TICKETS

if TYPE_CHECKING:
    from collections.abc import Iterable


Command = TypeVar("Command", bound=Callable[..., Any])
LISTED = ("text", "json")


@attrs.frozen(kw_only=True)
class Output:
    """Which form a result takes and where it goes."""

    form: str
    file: Path | None
    color: str
    quiet: bool
    verbose: int
    strict: bool
    ticket: str | None = None


def gathered(name: str, build: Callable[..., Any], *options: Callable[[Any], Any]) -> Callable[[Command], Any]:
    """Decorate a command with `options` and hand them over as one argument `name`."""

    def decorate(function: Command) -> Any:  # noqa: ANN401 (click decorates by mutation)
        @functools.wraps(function)
        def wrapper(**given: Any) -> Any:  # noqa: ANN401 (click passes what the options say)
            taken = {key: given.pop(key) for key in keys}
            return function(**{name: build(**taken)}, **given)

        before = len(getattr(wrapper, "__click_params__", ()))
        decorated = functools.reduce(lambda wrapped, option: option(wrapped), reversed(options), wrapper)
        keys = [parameter.name for parameter in decorated.__click_params__[before:]]  # type: ignore[attr-defined]  # click's
        return decorated

    return decorate


def option(*names: str, **given: Any) -> Callable[[Any], Any]:  # noqa: ANN401 (click.option's own)
    """`click.option` that NIMNETCHECK_NAME sets as well."""
    variable = "NIMNETCHECK_" + next(n for n in reversed(names) if n.startswith("--")).split("/")[0].lstrip("-").upper()
    return click.option(*names, envvar=variable.replace("-", "_"), show_default=False, **given)


licence_option = option(
    "licence_file",
    "-j",
    "--license",
    type=click.Path(dir_okay=False, readable=False, path_type=Path),  # that it cannot be read is a finding
    metavar="FILE",
    help="The subscription JWT, decoded here and never printed or sent.",
)

proxy_option = option(
    "proxy",
    "--proxy",
    default="auto",
    metavar="auto|none|URL",
    help="The forward proxy: as this host is configured, none, or this one.  [default: auto]",
)


def _form(forms: Iterable[str]) -> Callable[[Any], Any]:
    choice = click.Choice(tuple(forms))
    return option("form", "-o", "--output", type=choice, default="text", help="Form.  [default: text]")


def _report_output(**given: Any) -> Output:  # noqa: ANN401 (click passes what the options say)
    output = Output(**given)
    if output.ticket and output.form not in SHEETS:
        raise click.UsageError(f"--ticket {output.ticket} is written as {' or '.join(SHEETS)}, not as {output.form}")
    if output.form == "markdown" and not output.ticket:
        raise click.UsageError(f"-o markdown is for a page to hand on: add --ticket {' or --ticket '.join(TICKETS)}")
    return output


_DELIVERY = (
    option(
        "file",
        "--output-file",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Write there, whole or not at all, instead of to stdout.",
    ),
    option(
        "color",
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        help="Colour; NO_COLOR is honoured.  [default: auto]",
    ),
    click.option("quiet", "-q", "--quiet", is_flag=True, help="The verdict only."),
    click.option("verbose", "-v", "--verbose", count=True, help="Passed checks too; -vv with their evidence."),
    option("strict", "--strict", is_flag=True, help="Warnings end with exit code 4."),
)

output_options = gathered("output", Output, _form(LISTED), *_DELIVERY)
report_options = gathered(
    "output",
    _report_output,
    _form((*FORMS, "markdown")),
    option(
        "ticket",
        "--ticket",
        type=click.Choice(tuple(TICKETS)),
        help="A page to hand on instead, as text or markdown: to the network team, or to F5 support.",
    ),
    *_DELIVERY,
)


def command(**settings: Any) -> Callable[[Callable[..., Any]], click.Command]:  # noqa: ANN401 (click.command's own)
    """`click.command`, whose defaults the configuration files may change."""
    return click.command(cls=config.Configured, **settings)
