"""A result leaves: in its form, to stdout or a file, with its exit code."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nimnetcheck.errors import InputError
from nimnetcheck.report import render, render_ticket
from nimnetcheck.report.style import Style

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from nimnetcheck.cli.options import Output
    from nimnetcheck.model import Report


PRIVATE = 0o600


def emit(report: Report, output: Output, told: Counter[str] | None = None) -> None:
    """Render the report as asked for, deliver it, and end the command with its exit code.

    `told` are lines that have left already, while the command ran.
    """
    if output.ticket:
        text = render_ticket(report, output.ticket, output.form)
    else:
        text = render(report, output.form, style(output))
    deliver("".join(_untold(text, told)) if told else text, output)
    click.get_current_context().exit(report.exit_code)


def style(output: Output) -> Style:
    """How text may look where it is going: colour, characters, width, and how much of it."""
    terminal = output.file is None and sys.stdout.isatty()
    color = output.color == "always" or (
        output.color == "auto" and terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    width = shutil.get_terminal_size((100, 24)).columns
    return Style(color=color, ascii_only=encoding != "utf8", width=width, quiet=output.quiet, verbose=output.verbose)


def deliver(text: str, output: Output) -> None:
    """Print the text, or write it to the file that was asked for."""
    if output.file is None:
        echo(text)
        return
    write_whole(output.file, text if text.endswith("\n") else text + "\n")


def _untold(text: str, told: Counter[str]) -> Iterator[str]:
    left = told.copy()
    for line in text.splitlines(keepends=True):
        left[line] -= 1
        if left[line] < 0:
            yield line


def echo(text: str) -> None:
    """Print to stdout, as far as anybody still reads it."""
    try:
        click.echo(text, nl=not text.endswith("\n"), color=True)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output went away (`| head`): the verdict's exit code still holds.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_whole(path: Path, content: str | bytes, *, mode: int = PRIVATE) -> None:
    """Write a file whole or not at all, readable by its owner alone; raises InputError when it cannot be written."""
    temporary = None
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise InputError(f"{path}: cannot be written: {error.strerror}") from error
