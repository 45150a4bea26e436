"""`nimnetcheck preflight`: everything an installer needs to know, one verdict."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from nimnetcheck import net, probe
from nimnetcheck.cli import against
from nimnetcheck.cli.live import live
from nimnetcheck.cli.network import network_options
from nimnetcheck.cli.options import command as define
from nimnetcheck.cli.options import licence_option, report_options
from nimnetcheck.cli.output import emit
from nimnetcheck.cli.selection import selection_options
from nimnetcheck.cli.way import way
from nimnetcheck.run import Run
from nimnetcheck.site import clock, host, products
from nimnetcheck.submission import FLOWS, IN_PREFLIGHT, licence
from nimnetcheck.submission.rehearsal import rehearse

if TYPE_CHECKING:
    from pathlib import Path

    from nimnetcheck.cli.network import NetworkOptions
    from nimnetcheck.cli.options import Output
    from nimnetcheck.cli.selection import Selection


@define()
@selection_options
@network_options
@licence_option
@report_options
@click.pass_context
def command(
    context: click.Context,
    selection: Selection,
    network: NetworkOptions,
    licence_file: Path | None,
    output: Output,
) -> None:
    """Everything an installer needs to know, one verdict.

    This host's tools, clock, resolver and licence file; every endpoint of the profile, probed; and a complete
    submission to the emulated vendor, as proof that the client side works here. Needs no root.
    """
    leads = way(network, selection.facts)
    run = Run(command="preflight", settings=(*selection.settings(context), *leads.settings), strict=output.strict)
    options = leads.options(network, selection.endpoints)
    with live(run, output) as teller:
        with against.world(network) as world:
            probed = probe.run(selection.endpoints, world, options, teller.tell)
        now = net.utc_now()
        own = [
            *products.installed(selection.facts),
            *leads.observe(selection.endpoints),
            host.firewall_tools(),
            host.privileges(),
            clock.clock(now, probed),
        ]
        own.append(host.resolvers(required=options.proxy is None))
        if os.geteuid() == 0 and network.against == "live":
            from nimnetcheck.twin import own_firewall  # noqa: PLC0415 (for root alone: nobody else may read the rules)

            own += own_firewall.observe(probed)
        if licence_file:
            own += licence.check(licence_file, now)
        rehearsed = (observation for flow in IN_PREFLIGHT for observation in rehearse(FLOWS[flow]))
        seen = [*teller.each(own), *probed, *teller.each(rehearsed)]
    emit(run.report(seen, against.notes(network)), output, teller.lines)
