"""`nimnetcheck trace`: which rule of this (or that) firewall stops the flow, judged by the kernel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

import click

from nimnetcheck.cli.options import command as define
from nimnetcheck.cli.options import proxy_option, report_options
from nimnetcheck.cli.selection import selection_options
from nimnetcheck.twin.ask import twins

if TYPE_CHECKING:
    from nimnetcheck.cli.options import Output
    from nimnetcheck.cli.selection import Selection
    from nimnetcheck.twin.ask import Ask, Who
    from nimnetcheck.twin.wanted import Unknown, Wanted

NO_ID = 2**32 - 1  # (uid_t) -1
ROOT = (0, 0)
_FILE = click.Path(dir_okay=False, path_type=Path)


def _who(context: click.Context, parameter: click.Parameter, value: str) -> Who:
    """Both ids; a user's own group has the user's number."""
    user, _, group = value.partition(":")
    try:
        ids = int(user), int(group or user)
    except ValueError:
        words = f"{value!r} is neither UID nor UID:GID; ids are numbers, and `id nms` shows them"
        raise click.BadParameter(words, context, parameter) from None
    if not all(0 <= each < NO_ID for each in ids):
        raise click.BadParameter(f"{value!r}: ids go from 0 to {NO_ID - 1}", context, parameter)
    return ids


def _file(name: str, words: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(f"--{name}", type=_FILE, metavar="FILE", help=words)


@define()
@click.argument("archive", metavar="[CAPTURE]", required=False, type=_FILE)
@_file("nft", "A ruleset: what `nft -a list ruleset` printed, or a file for `nft -f`.")
@_file("iptables", "What `iptables-save` printed.")
@_file("ip6tables", "What `ip6tables-save` printed.")
@_file("ipset", "What `ipset save` printed.")
@click.option(
    "--firewalld", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="A copy of /etc/firewalld."
)
@click.option("flows", "--flow", multiple=True, metavar="FLOW", help="Judge this flow and no profile; repeatable.")
@click.option(
    "senders",
    "--from",
    multiple=True,
    metavar="ADDRESS",
    help="Judge what a container, pod or virtual machine there sends through this host; one of each IP version.",
)
@click.option("--resolve", multiple=True, metavar="HOST:PORT:ADDR", help="An address of a name; repeatable.")
@click.option(
    "--dns/--no-dns", default=None, help="Ask DNS for the addresses of names, too.  [default: for this host's firewall]"
)
@proxy_option
@click.option(
    "--user", callback=_who, default="0", metavar="UID[:GID]", help="Who sends, by user and group id.  [default: 0:0]"
)
@_file("capture", "Only take what a twin of this host needs, and write it there; as root.")
@_file("fix-output", "Write what must change, as a script with its undo.")
@selection_options
@report_options
@click.pass_context
def command(context: click.Context, /, selection: Selection, output: Output, **asked: Any) -> None:  # noqa: ANN401 (click's)
    """Which rule of a firewall stops the flow, judged by the kernel.

    The ruleset is loaded into a throw-away copy of its host (a twin), in namespaces of its own, with the vendor's
    addresses at the other end; real packets are sent, and the kernel's own trace tells what became of them. Needs no
    root, and touches nothing outside. What would open a blocked flow is tried there too, and shown.

    CAPTURE is a file that --capture wrote. Without one, and without files, this host's own firewall is judged, as root.

    FLOW is tcp:203.0.113.9:8443, udp:192.0.2.53:53 or tcp:[2001:db8::1]:443.
    """
    live = not any(asked[name] for name in ("archive", "nft", "iptables", "ip6tables", "ipset", "firewalld"))
    if asked["senders"] and asked["user"] != ROOT:
        raise click.UsageError("--from and --user: what is forwarded belongs to no user of the host")
    with twins(live=live, who=asked.pop("user")) as asking:
        # What follows is loaded while the process of the twins begins, and tests itself.
        _judge(context, selection, output, asking, asked, live=live)


def _judge(  # noqa: PLR0913 (the command's own)
    context: click.Context, selection: Selection, output: Output, asking: Ask, asked: dict[str, Any], *, live: bool
) -> None:
    from nimnetcheck.cli import traced  # noqa: PLC0415 (see above)
    from nimnetcheck.cli.output import emit, write_whole  # noqa: PLC0415 (see above)
    from nimnetcheck.run import Run  # noqa: PLC0415 (see above)
    from nimnetcheck.twin import inquiry  # noqa: PLC0415 (see above)
    from nimnetcheck.twin.fix import script as fix_script  # noqa: PLC0415 (see above)

    flows, fix_output, to = asked.pop("flows"), asked.pop("fix_output"), asked.pop("capture")
    names = traced.Names(resolve=asked.pop("resolve"), dns=live if asked["dns"] is None else asked["dns"])
    proxy, senders = asked.pop("proxy"), asked.pop("senders")
    del asked["dns"]
    if to:
        context.exit(traced.write_capture(to, **asked))
    own = live and not senders
    leads = None if flows else traced.way(context, selection, proxy, own=own)
    wanted: tuple[Wanted | Unknown, ...] = traced.named(flows)
    capture = traced.captured(**asked)
    prefixes = () if flows else tuple(network for endpoint in selection.endpoints for network in endpoint.networks)
    if leads:
        wanted = traced.profile(selection.endpoints, names, leads, own=own)
    behind = traced.behind(senders, capture, wanted)
    settings = (*selection.settings(context), *(leads.settings if leads else ()))
    run = Run(command="trace", settings=settings, strict=output.strict)
    found = inquiry.inquire(capture, wanted, prefixes, asking, behind)
    if fix_output and found.proof.changes:
        write_whole(fix_output, fix_script.render(found.proof, capture.host))
    elif fix_output:
        click.echo(f"nimnetcheck: {fix_output} was not written: no change was found that opens anything", err=True)
    emit(inquiry.report(run, found, traced.told(leads)), output)
