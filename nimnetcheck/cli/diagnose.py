"""`nimnetcheck diagnose`: the cause, the evidence, the fix; live, or from a saved report."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from nimnetcheck.cli.bundle import bundle_options
from nimnetcheck.cli.live import live
from nimnetcheck.cli.network import network_options
from nimnetcheck.cli.options import command as define
from nimnetcheck.cli.options import licence_option, report_options
from nimnetcheck.cli.output import emit
from nimnetcheck.cli.selection import selection_options
from nimnetcheck.run import Run

if TYPE_CHECKING:
    from nimnetcheck.cli.bundle import Bundling
    from nimnetcheck.cli.network import NetworkOptions
    from nimnetcheck.cli.options import Output
    from nimnetcheck.cli.selection import Selection
    from nimnetcheck.report.saved import Saved

MAX_IDLE_S = 86400.0


@define()
@click.argument("saved_file", required=False, metavar="[SAVED]", type=click.Path(path_type=Path))
@selection_options
@network_options
@licence_option
@click.option(
    "log_files",
    "--logs",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="nms.log, error.log, a journal, upload_usage.log, a support package, a folder of them; repeatable.",
)
@click.option(
    "rule_files",
    "--rules",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Rules that nimnetcheck wrote, or a firewall's list of them: do they open what is published?",
)
@click.option(
    "idle_s",
    "--idle",
    type=click.FloatRange(min=0, max=MAX_IDLE_S),
    default=0.0,
    metavar="S",
    help="Keep a connection to each name silent so long, beside --deadline: is it forgotten?  [default: 0]",
)
@click.option("no_network", "--no-network", is_flag=True, help="Send nothing: judge this host and its files alone.")
@bundle_options
@report_options
@click.pass_context
def command(  # noqa: PLR0913 (one argument for each group of options, as click hands them over)
    context: click.Context,
    *,
    saved_file: Path | None,
    selection: Selection,
    network: NetworkOptions,
    licence_file: Path | None,
    log_files: tuple[Path, ...],
    rule_files: tuple[Path, ...],
    idle_s: float,
    no_network: bool,
    bundling: Bundling,
    output: Output,
) -> None:
    """The cause, the evidence, the fix; live, or from a saved report.

    Probes every endpoint of the profile, looks again at what failed with one thing changed each time, and says what the
    pairs tell. With SAVED, a report that -o json wrote or a bundle, of any host, nothing is sent: it is judged again.
    Logs are held against the probes; where NIM or NGINX Plus is installed, theirs are read unless others are named.
    Needs no root; sends no credentials.
    """
    if saved_file:
        emit(_again(saved_file, log_files, output).report(), output)
        return
    from nimnetcheck import logs, net, probe  # noqa: PLC0415 (a saved report needs fewer of them)
    from nimnetcheck.cli import against  # noqa: PLC0415 (likewise)
    from nimnetcheck.cli.way import way  # noqa: PLC0415 (likewise)
    from nimnetcheck.probe.controls import look_closer  # noqa: PLC0415 (likewise)
    from nimnetcheck.probe.controls.both_ways import proven  # noqa: PLC0415 (likewise)
    from nimnetcheck.site import clock, confinement, host, products, users, view  # noqa: PLC0415 (likewise)
    from nimnetcheck.site import rules as allowed  # noqa: PLC0415 (likewise)
    from nimnetcheck.submission import licence  # noqa: PLC0415 (likewise)

    leads = way(network, selection.facts)
    rules = allowed.read(rule_files)
    run = Run(command="diagnose", settings=(*selection.settings(context), *leads.settings), strict=output.strict)
    endpoints = () if no_network else selection.endpoints
    services = users.service_users(selection.facts)
    options = leads.options(network, endpoints)
    options = attrs.evolve(options, users=services if os.geteuid() == 0 else (), idle_s=idle_s)
    with live(run, output) as teller, against.world(network) as world:
        probed = probe.run(endpoints, world, options, teller.tell)
        silence = f"waiting with silent connections (--idle {idle_s:g})" if idle_s and proven(probed) else ""
        with teller.waiting(silence):
            closer = tuple(teller.each(look_closer(endpoints, probed, world, options)))
        now = net.utc_now()
        own = [
            *products.observe(selection.facts, now),
            *users.as_users(services),
            *view.observe(selection.facts),
            *confinement.observe(selection.facts, selection.endpoints, probed),
            *leads.observe(selection.endpoints),
            clock.clock(now, probed),
            host.resolvers(required=options.proxy is None),
        ]
        if os.geteuid() == 0 and network.against == "live" and endpoints:
            from nimnetcheck.twin import own_firewall  # noqa: PLC0415 (for root alone: nobody else may read the rules)

            taken = own_firewall.take()
            own += own_firewall.observe(probed, taken)
            rules = {**own_firewall.texts(taken), **rules}
        if options.proxy is None:
            own += allowed.observe(rules, selection.endpoints)
        if licence_file:
            own += licence.check(licence_file, now)
        log_files = log_files or (logs.usual() if selection.facts.profiles else ())
        own += logs.observe(log_files, now)
        seen = [*teller.each(own), *probed, *closer]
    report = run.report(seen, against.notes(network))
    bundling.write(run, report, selection, logs=log_files, licences=(licence_file,) if licence_file else ())
    emit(report, output, teller.lines)


def _again(saved_file: Path, log_files: tuple[Path, ...], output: Output) -> Saved:
    """The saved report, with its firewall judged by this kernel and what logs of the same host say beside it."""
    from nimnetcheck import logs  # noqa: PLC0415 (a live run reads no report)
    from nimnetcheck.bundle.contents import load  # noqa: PLC0415 (likewise)

    bundle = load(saved_file, strict=output.strict)
    observations = bundle.saved.observations
    if bundle.firewall:
        from nimnetcheck.twin import own_firewall  # noqa: PLC0415 (a report alone has no firewall)

        observations = own_firewall.again(observations, bundle.firewall)
    told = logs.observe(log_files, bundle.saved.run.started_at) if log_files else ()
    return attrs.evolve(bundle.saved, observations=(*observations, *told))
