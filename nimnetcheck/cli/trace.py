"""`nimnetcheck trace`: which rule of this (or that) firewall stops the flow, judged by the kernel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

import click

from nimnetcheck.cli.options import command as define
from nimnetcheck.cli.options import parse_pin, report_options
from nimnetcheck.cli.output import emit
from nimnetcheck.cli.selection import selection_options
from nimnetcheck.errors import InputError
from nimnetcheck.firewall import parse_proxy
from nimnetcheck.run import Run
from nimnetcheck.twin import capture_archive, capture_files
from nimnetcheck.twin.ask import ask
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
@click.argument("capture", required=False, type=_FILE)
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
@selection_options
@report_options
@click.pass_context
def command(context: click.Context, /, selection: Selection, output: Output, **asked: Any) -> None:  # noqa: ANN401 (click's)
    """Which rule of a firewall stops the flow, judged by the kernel.

    The ruleset is loaded into a throw-away copy of its host (a twin), in namespaces of its own, with the vendor's
    addresses at the other end; real packets are sent, and the kernel's own trace tells what became of them. Needs no
    root, and touches nothing outside.

    FLOW is tcp:203.0.113.9:8443, udp:192.0.2.53:53 or tcp:[2001:db8::1]:443.
    """
    run = Run(command="trace", settings=selection.settings(context), strict=output.strict)
    wanted = _wanted(selection, asked.pop("flows"), asked.pop("resolve"), asked.pop("via_proxy"))
    flows = tuple(dict.fromkeys(one.flow for one in wanted if isinstance(one, Wanted)))
    answer = ask(Question(capture=_captured(**asked), flows=flows))
    emit(run.report(observe(wanted, answer.judged)), output)


def _captured(capture: Path | None, **files: Path | None) -> Capture:
    if capture and any(files.values()):
        raise InputError("a capture and files of a firewall: give one or the other")
    return capture_archive.read(capture) if capture else capture_files.gather(**files)


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
