"""The command line: one file per command, imported only when that command runs."""

from __future__ import annotations

import os
import sys
import traceback
from importlib import import_module

import click

from nimnetcheck import __version__
from nimnetcheck.errors import NimnetcheckError

USAGE_ERROR = 2
INTERNAL_ERROR = 5
INTERRUPTED = 130

COMMANDS = {
    "targets": "What must be reachable, for which version, and which page says so.",
    "rules": "Firewall rule files that open exactly that.",
    "probe": "Is each target reachable, layer by layer.",
    "simulate": "A complete usage submission, step by step.",
    "preflight": "Everything an installer needs to know, one verdict.",
    "watch": "The same check again and again, as metrics for Prometheus.",
    "trace": "Which rule of this (or that) firewall stops the flow, judged by the kernel.",
    "diagnose": "The cause, the evidence, the fix; live, or from a saved report.",
    "explain": "What a finding's code means, and what to do about it.",
    "compare": "Where two runs went apart: two hosts, or before and after.",
    "emulate": "Run the emulated vendor side as a server.",
    "completion": "Completion of this command line, for your shell.",
}

EXIT_CODES = """\b
Exit codes:
  0    passed (warnings allowed)
  1    a required check failed
  2    usage, configuration or input refused
  3    inconclusive: something required could not be judged
  4    warnings, under --strict
  5    internal error
  130  interrupted"""


class Commands(click.Group):
    """A group that knows its commands by name and imports a command only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """The commands, in the order of a first day with the tool."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (click's signature)
        """The command of that name, from its own file."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"nimnetcheck.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (click's)
        """List the commands from the table, so that --help imports none of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(
    cls=Commands,
    invoke_without_command=True,
    epilog=EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="nimnetcheck", message="%(prog)s %(version)s")
@click.pass_context
def root(ctx: click.Context) -> None:
    """Show whether the path from this host to F5's usage and licence endpoints is open, and if not, why not."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help(), err=True)
        ctx.exit(USAGE_ERROR)


def main() -> None:
    """Run the command line and end the process with the designed exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line; every error becomes one clear line on stderr and its exit code."""
    try:
        result = root.main(arguments, prog_name="nimnetcheck", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return USAGE_ERROR
    except (click.Abort, KeyboardInterrupt):
        click.echo("nimnetcheck: interrupted", err=True)
        return INTERRUPTED
    except NimnetcheckError as error:
        click.echo(f"nimnetcheck: {error}", err=True)
        return error.exit_code
    except Exception as error:  # noqa: BLE001 (no traceback reaches a user; this is the last stop)
        return _internal(error)
    return result if isinstance(result, int) else 0


def _internal(error: Exception) -> int:
    if os.environ.get("NIMNETCHECK_DEBUG"):
        traceback.print_exc()
    what = f"{type(error).__name__}: {error}".splitlines()[0]
    click.echo(f"nimnetcheck: internal error: {what} (NIMNETCHECK_DEBUG=1 shows where; please report it)", err=True)
    return INTERNAL_ERROR
