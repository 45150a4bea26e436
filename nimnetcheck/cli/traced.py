"""What `trace` is asked: whose firewall, and which flows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import click
from click.core import ParameterSource

from nimnetcheck.addresses import parse_address
from nimnetcheck.catalogue import is_host_name
from nimnetcheck.cli.network import refuse_credentials
from nimnetcheck.cli.output import write_whole
from nimnetcheck.cli.pins import parse_pins
from nimnetcheck.cli.way import certain
from nimnetcheck.errors import InputError, NotJudgedError
from nimnetcheck.model import World
from nimnetcheck.probe import resolve
from nimnetcheck.probe.resolvers import configured
from nimnetcheck.site import nms_conf
from nimnetcheck.site.facts import Facts
from nimnetcheck.twin.behind import find
from nimnetcheck.twin.capture import archive as capture_archive
from nimnetcheck.twin.capture import files as capture_files
from nimnetcheck.twin.capture.parts import assemble
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.wanted import ASKED, Unknown, Wanted, flows_of, resolvers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from nimnetcheck.cli.selection import Selection
    from nimnetcheck.cli.way import Way
    from nimnetcheck.model import Address, Endpoint
    from nimnetcheck.probe import Options
    from nimnetcheck.twin.behind import Behind
    from nimnetcheck.twin.capture.live import Taken
    from nimnetcheck.twin.capture.value import Capture

MOST = 4096


@attrs.frozen(kw_only=True)
class Names:
    """Where the addresses of names come from: pins, and DNS where it may be asked."""

    resolve: tuple[str, ...] = ()
    dns: bool = False

    def addresses(self, hosts: Iterable[str]) -> dict[str, tuple[Address, ...]]:
        """The addresses that are known; raises InputError for a broken pin."""
        found: dict[str, tuple[Address, ...]] = {}
        for (host, _), pinned in parse_pins(self.resolve).items():
            found[host] = (*found.get(host, ()), *pinned)
        asked = [host for host in dict.fromkeys(hosts) if host not in found] if self.dns else []
        return {**found, **(resolve(asked, World()) if asked else {})}


def captured(archive: Path | None, **files: Path | None) -> Capture:
    """What was given, or this host; raises InputError."""
    if archive and any(files.values()):
        raise InputError("a capture and files of a firewall: give one or the other")
    if archive:
        from nimnetcheck.bundle import contents  # noqa: PLC0415 (for captures and bundles alone)

        return contents.firewall(archive)
    if any(files.values()):
        return capture_files.gather(**files)
    taken = _taken()
    return assemble(taken.parts, taken.facts)


def write_capture(to: Path, archive: Path | None, **files: Path | None) -> int:
    """Take this host's capture; the exit code tells whether all of it could be read."""
    if archive or any(files.values()):
        raise InputError("--capture reads this host, and no files")
    taken = _taken()
    write_whole(to, capture_archive.pack(taken.parts, taken.facts))
    click.echo(f"{to}: {', '.join(taken.parts)}", err=True)
    for unread in taken.facts.unread:
        click.echo(f"nimnetcheck: {unread.part} could not be read: {unread.because}", err=True)
    return NotJudgedError.exit_code if taken.facts.unread else 0


def _taken() -> Taken:
    from nimnetcheck.twin.capture import live as capture_live  # noqa: PLC0415 (for this host alone)

    return capture_live.take()


def named(flows: Iterable[str]) -> tuple[Wanted, ...]:
    """The flows that were named one by one; raises InputError."""
    flows = tuple(flows)
    if len(flows) > MOST:
        raise InputError(f"{len(flows)} flows: at most {MOST} are judged at once")
    return tuple(Wanted(subject=ASKED, flow=parse(text)) for text in dict.fromkeys(flows))


def way(context: click.Context, selection: Selection, proxy: str, *, own: bool) -> Way:
    """The way out of those who send; raises InputError where it cannot be known.

    A capture holds no configuration, nor has this host that of its containers: where it is not its `own` way, nothing
    is guessed without an nms.conf (`-c`), and what is set on the machine that judges does not count.
    """
    refuse_credentials(proxy)
    if own:
        return certain(proxy, None, selection.facts)
    given = context.get_parameter_source("nms_config") is ParameterSource.COMMANDLINE
    conf = nms_conf.read(selection.nms_config) if given else None
    if given and conf is None:
        raise InputError(f"{selection.nms_config}: there is no such file")
    return certain(proxy, None, Facts(nms=conf), here=False)


def told(leads: Way | None) -> Iterator[str]:
    """What a reader must know of the way: whose proxy it is, and where that is set."""
    if leads and leads.chosen:
        where = "--proxy" if leads.chosen.source == "flag" else leads.chosen.source
        yield (
            f"Names are reached through the forward proxy {leads.chosen.url} ({where}): the flow to it is judged in"
            " their stead. What is published as addresses alone does not go through it."
        )


def profile(endpoints: Sequence[Endpoint], names: Names, leads: Way, *, own: bool) -> tuple[Wanted | Unknown, ...]:
    """The flows of a profile, and of this host's own those to its resolvers; raises InputError."""
    options = leads.routes(endpoints)
    hosts = _hosts(endpoints, options)
    found = flows_of(endpoints, names.addresses(hosts), options)
    # With a proxy it is the proxy that looks up the vendor's names.
    return (*found, *(resolvers(configured(), required=bool(hosts)) if own else ()))


def behind(senders: Iterable[str], capture: Capture, wanted: Iterable[Wanted | Unknown]) -> tuple[Behind, ...]:
    """Where those are who send from behind the host; raises InputError where they, or the flows, do not pass it."""
    addresses = [parse_address(text) for text in dict.fromkeys(senders)]
    if len({address.version for address in addresses}) < len(addresses):
        raise InputError("--from: one address of each IP version")
    for address in addresses:
        if address.is_loopback or address.is_unspecified or address.is_multicast:
            raise InputError(f"--from {address}: nobody sends from there through a host")
    for one in wanted if addresses else ():
        if not isinstance(one, Unknown) and (one.flow.address.is_loopback or one.flow.address in addresses):
            raise InputError(f"{one.flow}: it does not leave the one who sends it")
    return tuple(find(capture, address) for address in addresses)


def _hosts(endpoints: Iterable[Endpoint], options: Options) -> list[str]:
    """The names that the host itself must look up."""
    proxied = {endpoint.host: options.proxy_for(endpoint) for endpoint in endpoints if endpoint.host}
    wanted = (proxy.host if proxy else host for host, proxy in proxied.items())
    return [host for host in dict.fromkeys(wanted) if is_host_name(host) and not host.startswith("*.")]
