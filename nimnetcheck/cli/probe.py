"""`nimnetcheck probe`: is each target reachable, layer by layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from nimnetcheck import probe
from nimnetcheck.cli import against
from nimnetcheck.cli.live import live
from nimnetcheck.cli.network import network_options
from nimnetcheck.cli.options import command as define
from nimnetcheck.cli.options import report_options
from nimnetcheck.cli.output import emit
from nimnetcheck.cli.selection import selection_options
from nimnetcheck.cli.way import way
from nimnetcheck.probe.controls import look_closer
from nimnetcheck.probe.target import parse
from nimnetcheck.run import Run

if TYPE_CHECKING:
    from nimnetcheck.cli.network import NetworkOptions
    from nimnetcheck.cli.options import Output
    from nimnetcheck.cli.selection import Selection


@define()
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@selection_options
@network_options
@report_options
@click.pass_context
def command(
    context: click.Context, targets: tuple[str, ...], selection: Selection, network: NetworkOptions, output: Output
) -> None:
    """Is each target reachable, layer by layer: DNS, TCP, TLS, HTTP.

    TARGET is a catalogue id, HOST[:PORT], ADDRESS[:PORT], CIDR[:PORT], [IPV6]:PORT or an https URL; without one, every
    endpoint of the profile is probed. Every address is tried, IPv4 and IPv6. Needs no root; sends no credentials.
    """
    leads = way(network, selection.facts)
    run = Run(command="probe", settings=(*selection.settings(context), *leads.settings), strict=output.strict)
    endpoints = tuple(parse(text, selection.catalogue) for text in targets) or selection.endpoints
    options = leads.options(network, endpoints)
    with live(run, output) as teller, against.world(network) as world:
        probed = probe.run(endpoints, world, options, teller.tell)
        closer = teller.each(look_closer(endpoints, probed, world, options))
        seen = (*probed, *closer)
    emit(run.report(seen, against.notes(network)), output, teller.lines)
