"""`nimnetcheck simulate`: a complete submission, against both of its far sides emulated here, or on a real site."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import attrs
import click
from tabulate import tabulate

from nimnetcheck.catalogue import load
from nimnetcheck.cli.config import settings
from nimnetcheck.cli.live import live
from nimnetcheck.cli.options import command as define
from nimnetcheck.cli.options import report_options
from nimnetcheck.cli.output import deliver, emit
from nimnetcheck.cli.own_site import check_sources, own_site_options
from nimnetcheck.errors import InputError
from nimnetcheck.report.json import dumps, envelope
from nimnetcheck.run import Run
from nimnetcheck.submission import FLOWS, rehearse
from nimnetcheck.submission.generation import submit
from nimnetcheck.submission.rehearsal import INSTANCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nimnetcheck.cli.options import Output
    from nimnetcheck.cli.own_site import OwnSite
    from nimnetcheck.model import Observation
    from nimnetcheck.submission.flow import Flow

MAX_INSTANCES = 100_000
EMULATED = (
    "NIM and F5 were emulated on this machine: this shows every step and that the client side works here, not that F5 "
    "is reached. How sure we are of each step's contract stands beside it."
)
LOOKED = (
    "Nothing was sent that counts: of NIM only what changes nothing was asked, of F5 only whether it is there, without "
    "the licence. --submit sends what is shown as held."
)
SUBMITTED = (
    "Usage was sent to F5 where a step says so. What the journal in --result-dir holds as taken is never sent again: "
    "run the same command to go on after an interruption."
)


@define()
@click.argument("flow_ids", metavar="[FLOW]...", nargs=-1)
@click.option("listed", "--list", is_flag=True, help="Name the flows and the faults, and run nothing.")
@click.option(
    "--instances",
    type=click.IntRange(1, MAX_INSTANCES),
    default=INSTANCES,
    metavar="N",
    help=f"NGINX Plus instances whose usage is reported.  [default: {INSTANCES}]",
)
@click.option(
    "faults",
    "--fault",
    multiple=True,
    metavar="NAME[:N]",
    help="Something the emulated side does wrong, always or the first N times; repeatable.",
)
@own_site_options
@report_options
@click.pass_context
def command(  # noqa: PLR0913 (one argument for each option, as click hands them over)
    context: click.Context,
    *,
    flow_ids: tuple[str, ...],
    listed: bool,
    instances: int,
    faults: tuple[str, ...],
    own: OwnSite,
    output: Output,
) -> None:
    """A complete usage submission, step by step.

    Runs each FLOW, or all of them, against an emulated NIM and an emulated F5 on this machine: real DNS, TLS and HTTP,
    no root, nothing leaves the host. Every step shows its request, the answer, the time, and what it proves.

    With --nim or --report it is about a real site: it looks, and says what it would send; with --submit it sends.
    """
    flows = [_flow(flow_id) for flow_id in flow_ids] or list(FLOWS.values())
    if listed:
        deliver(_listing(flows, as_json=output.form == "json"), output)
        return
    check_sources(context)
    if own.is_named and (flow_ids or faults):
        raise InputError("a FLOW or --fault is for the emulation: a real site's own version decides how it reports")
    if own.submit and not own.is_named:
        raise InputError("--submit needs --nim HOST or --report ZIP: the emulation needs no leave")
    leads = own.way()
    told = (*settings(context), *(leads.settings if own.is_named else ()))
    run = Run(command="simulate", settings=told, strict=output.strict)
    site = own.site(leads) if own.is_named else None  # it may ask for a password, before there is progress to show
    note = EMULATED if site is None else SUBMITTED if own.submit else LOOKED
    with live(run, output) as teller:
        steps: Iterable[Observation]
        if site is None:
            steps = chain.from_iterable(rehearse(flow, instances=instances, faults=faults) for flow in flows)
        else:
            steps = chain(leads.observe(load().endpoints), submit(attrs.evolve(site, told=teller.sent), FLOWS))
        seen = list(teller.each(steps))
    emit(run.report(seen, (note,)), output, teller.lines)


def _flow(flow_id: str) -> Flow:
    if flow_id in FLOWS:
        return FLOWS[flow_id]
    raise InputError(f"no flow {flow_id!r}; there are: {', '.join(FLOWS)}")


def _listing(flows: list[Flow], *, as_json: bool) -> str:
    from nimnetcheck.emulator import FAULTS  # noqa: PLC0415 (the emulator is slow to import, and named nowhere else)

    if as_json:
        named = [{"id": flow.id, "title": flow.title, "nim_version": flow.nim_version} for flow in flows]
        faults = [{"name": name, "description": words} for name, words in FAULTS.items()]
        return dumps(envelope(command="simulate", flows=named, faults=faults))
    tables = (
        tabulate([(flow.id, flow.title) for flow in flows], ("flow", "what it submits"), tablefmt="simple"),
        tabulate(list(FAULTS.items()), ("fault", "what the emulated side does"), tablefmt="simple"),
    )
    return "\n\n".join(tables) + "\n"
