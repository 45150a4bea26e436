"""`nimnetcheck trace`: which rule of this (or that) firewall stops the flow, judged by the kernel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

import attrs
import click

from nimnetcheck.cli.options import command as define
from nimnetcheck.cli.options import report_options
from nimnetcheck.cli.output import emit, write_whole
from nimnetcheck.cli.pins import parse_pin
from nimnetcheck.cli.selection import selection_options
from nimnetcheck.errors import InputError, NotJudgedError
from nimnetcheck.firewall import parse_proxy
from nimnetcheck.run import Run
from nimnetcheck.twin import capture_archive, capture_files, capture_live, fix_script
from nimnetcheck.twin.ask import ask
from nimnetcheck.twin.capture_parts import assemble
from nimnetcheck.twin.fix_prove import prove
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.observe import observe
from nimnetcheck.twin.wanted import ASKED, Unknown, Wanted, flows_of
from nimnetcheck.twin.wire import Question

if TYPE_CHECKING:
    from nimnetcheck.cli.options import Output
    from nimnetcheck.cli.selection import Selection
    from nimnetcheck.model import Address
    from nimnetcheck.twin.capture import Capture

_FILE = click.Path(dir_okay=False, path_type=Path)


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
@click.option("--resolve", multiple=True, metavar="HOST:PORT:ADDR", help="An address of a name; repeatable.")
@click.option("--via-proxy", metavar="HOST:PORT", help="The flows go to this forward proxy.")
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
    named = asked.pop("flows")
    wanted = _wanted(selection, named, asked.pop("resolve"), asked.pop("via_proxy"))
    to, fix_output = asked.pop("capture"), asked.pop("fix_output")
    if to:
        context.exit(_write(to, **asked))
    capture, live = _captured(**asked)
    run = Run(command="trace", settings=selection.settings(context), strict=output.strict)
    if capture.host:
        run = attrs.evolve(run, host=capture.host)
    flows = tuple(dict.fromkeys(one.flow for one in wanted if isinstance(one, Wanted)))
    question = Question(capture=capture, flows=flows, live=live)
    answer = ask(question)
    prefixes = () if named else tuple(network for endpoint in selection.endpoints for network in endpoint.networks)
    proof = prove(question, answer.judged, ask, prefixes)
    if fix_output and proof.changes:
        write_whole(fix_output, fix_script.render(proof, capture.host))
    emit(run.report(observe(wanted, answer.judged), tuple(fix_script.notes(proof))), output)


def _captured(archive: Path | None, **files: Path | None) -> tuple[Capture, bool]:
    """What was given, or this host; and whether it is this host."""
    if archive and any(files.values()):
        raise InputError("a capture and files of a firewall: give one or the other")
    if archive:
        return capture_archive.read(archive), False
    if any(files.values()):
        return capture_files.gather(**files), False
    taken = capture_live.take()
    return assemble(taken.parts, taken.facts), True


def _write(to: Path, archive: Path | None, **files: Path | None) -> int:
    """Take this host's capture; the exit code tells whether all of it could be read."""
    if archive or any(files.values()):
        raise InputError("--capture reads this host, and no files")
    taken = capture_live.take()
    write_whole(to, capture_archive.pack(taken.parts, taken.facts))
    click.echo(f"{to}: {', '.join(taken.parts)}", err=True)
    for unread in taken.facts.unread:
        click.echo(f"nimnetcheck: {unread.part} could not be read: {unread.because}", err=True)
    return NotJudgedError.exit_code if taken.facts.unread else 0


def _wanted(
    selection: Selection, flows: tuple[str, ...], resolve: tuple[str, ...], via_proxy: str | None
) -> tuple[Wanted | Unknown, ...]:
    """The flows that were named, or those of the profile."""
    if flows:
        return tuple(Wanted(subject=ASKED, flow=parse(text)) for text in dict.fromkeys(flows))
    addresses: dict[str, tuple[Address, ...]] = {}
    for text in resolve:
        (host, _), address = parse_pin(text)
        addresses[host] = (*addresses.get(host, ()), address)
    return flows_of(selection.endpoints, addresses, parse_proxy(via_proxy) if via_proxy else None)
