"""`nimnetcheck explain`: what a finding's code means, what else it could be, how to settle it, what to do."""

from __future__ import annotations

import difflib
import textwrap
from typing import TYPE_CHECKING

import click

from nimnetcheck.cli.options import command as define
from nimnetcheck.cli.options import output_options
from nimnetcheck.cli.output import deliver, style
from nimnetcheck.diagnosis.entries import BY_CODE, BY_FAILURE, LAYERS
from nimnetcheck.diagnosis.pages import sections
from nimnetcheck.diagnosis.words import BLANKS, fill
from nimnetcheck.errors import InputError
from nimnetcheck.model import Failure
from nimnetcheck.report.json import dumps, envelope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nimnetcheck.cli.options import Output
    from nimnetcheck.diagnosis.entry import Diagnosis
    from nimnetcheck.report.style import Style

NEAREST = 4


@define()
@click.argument("codes", nargs=-1, metavar="[CODE]...")
@output_options
def command(codes: tuple[str, ...], output: Output) -> None:
    """What a finding's code means, what else it could be, how to settle it, what to do.

    CODE is a finding's code or the name of a failure; without one, all codes are listed.
    """
    entries = [entry for code in codes for entry in find(code)]
    if output.form == "json":
        asked = entries or list(BY_CODE.values())
        deliver(dumps(envelope(command="explain", diagnoses=[_document(entry) for entry in asked])), output)
        return
    look = style(output)
    deliver("\n".join(_text(entry, look) for entry in entries) if entries else _list(look), output)


def find(code: str) -> Sequence[Diagnosis]:
    """The entries that a code or the name of a failure means; raises InputError with the nearest ones."""
    name = code.strip().lower()
    if name in BY_CODE:
        return (BY_CODE[name],)
    if name.replace("-", "_") in {str(failure) for failure in Failure}:
        return BY_FAILURE[Failure(name.replace("-", "_"))]
    known = [*BY_CODE, *(str(failure) for failure in Failure)]
    near = difflib.get_close_matches(name, known, n=NEAREST, cutoff=0.5)
    near = near or [other for other in BY_CODE if name and name in other][:NEAREST]
    hint = f"; nearest: {', '.join(near)}" if near else ""
    raise InputError(f"no code {code!r}{hint} (`nimnetcheck explain` lists them all)")


def _text(entry: Diagnosis, look: Style) -> str:
    lines = [f"{look.strong(entry.code)}  {entry.title}"]
    for heading, paragraphs in sections(entry):
        if not paragraphs:
            continue
        lines += ["", *([look.strong(heading)] if heading else [])]
        for paragraph in paragraphs:
            lines += textwrap.wrap(
                paragraph, look.columns, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False
            )
    return "\n".join([*lines, ""])


def _list(look: Style) -> str:
    widest = max(len(code) for code in BY_CODE)
    lines = []
    for layer, entries in LAYERS.items():
        lines += ["", look.strong(layer), *(f"  {entry.code:<{widest}}  {entry.title}" for entry in entries)]
    return "\n".join([*lines[1:], ""])


def _document(entry: Diagnosis) -> dict[str, object]:
    return {
        "code": entry.code,
        "title": entry.title,
        "severity": str(entry.severity),
        "confidence": str(entry.confidence),
        "failures": [str(failure) for failure in entry.failures],
        "explanation": entry.explanation,
        "alternatives": list(entry.alternatives),
        "settle": fill(entry.settle, BLANKS),
        "action": fill(entry.action, BLANKS),
        "commands": [fill(command, BLANKS) for command in entry.commands],
        "hidden_by": list(entry.hidden_by),
        "page": f"docs/diagnoses/{entry.code}.md",
    }
