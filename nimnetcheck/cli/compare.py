"""`nimnetcheck compare`: the first rung at which two runs, two hosts or before and after went apart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from tabulate import tabulate

from nimnetcheck.bundle.contents import load
from nimnetcheck.cli.options import command as define
from nimnetcheck.cli.options import output_options
from nimnetcheck.cli.output import deliver, style
from nimnetcheck.comparison import compare
from nimnetcheck.report.json import dumps, envelope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.cli.options import Output
    from nimnetcheck.comparison import Comparison, Difference
    from nimnetcheck.model import Report
    from nimnetcheck.report.style import Style

_SAVED = click.Path(path_type=Path)
APART = 1


@define()
@click.argument("first", metavar="A", type=_SAVED)
@click.argument("second", metavar="B", type=_SAVED)
@output_options
def command(first: Path, second: Path, output: Output) -> None:
    """The first rung at which two runs went apart: two hosts, or before and after.

    A and B are reports that -o json wrote, or bundles. Both are judged again; nothing is sent. Exit code 1 says that
    they differ. Bundles of two hosts have pseudonyms of their own: what has one differs in both.
    """
    found = compare(load(first).saved.report(), load(second).saved.report())
    look = style(output)
    deliver(dumps(_document(found)) if output.form == "json" else "\n".join(_lines(found, look)) + "\n", output)
    click.get_current_context().exit(APART if found.differences else 0)


def _lines(found: Comparison, look: Style) -> Iterator[str]:
    yield look.strong(_headline(found))
    yield ""
    rows = [("", "A", "B"), *((name, look.safe(one), look.safe(other)) for name, one, other in _frames(found))]
    yield tabulate(rows, tablefmt="plain", disable_numparse=True)
    if look.quiet:
        return
    for difference in found.differences:
        yield ""
        yield look.strong(look.safe(f"{difference.subject}, {difference.rung}: {difference.at}"))
        yield look.safe(f"  A  {difference.before}")
        yield look.safe(f"  B  {difference.after}")
    for title, codes in (("Found in A alone", found.gone), ("Found in B alone", found.new)):
        if codes:
            yield ""
            yield f"{title}: {', '.join(codes)}"
    if found.settings:
        yield ""
        yield look.strong("Settings that differ")
        yield from (
            look.safe(f"  {key}: {one or '(none)'} | {other or '(none)'}") for key, one, other in found.settings
        )


def _headline(found: Comparison) -> str:
    if not found.differences:
        return "Both runs saw the same."
    lowest = found.differences[0]
    return f"They went apart at {lowest.rung}: {lowest.subject}."


def _frames(found: Comparison) -> tuple[tuple[str, str, str], ...]:
    one, other = found.first, found.second
    return (
        ("host", one.host, other.host),
        ("when", f"{one.started_at:%Y-%m-%d %H:%M:%S}", f"{other.started_at:%Y-%m-%d %H:%M:%S}"),
        ("verdict", str(one.verdict), str(other.verdict)),
    )


def _document(found: Comparison) -> dict[str, Any]:
    return envelope(
        command="compare",
        same=not found.differences,
        a=_frame(found.first),
        b=_frame(found.second),
        differences=[_difference(difference) for difference in found.differences],
        findings={"a": list(found.gone), "b": list(found.new)},
        settings=[{"key": key, "a": one, "b": other} for key, one, other in found.settings],
    )


def _frame(report: Report) -> dict[str, Any]:
    started = report.started_at.isoformat().replace("+00:00", "Z")
    return {"host": report.host, "run_id": report.run_id, "started_at": started, "verdict": str(report.verdict)}


def _difference(difference: Difference) -> dict[str, Any]:
    return {
        "subject": difference.subject,
        "rung": str(difference.rung),
        "at": difference.at,
        "a": difference.before,
        "b": difference.after,
    }
