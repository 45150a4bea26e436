"""What `trace` is asked: whose firewall, and which flows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import click

from nimnetcheck.catalogue import is_host_name
from nimnetcheck.cli.output import write_whole
from nimnetcheck.cli.pins import parse_pins
from nimnetcheck.errors import InputError, NotJudgedError
from nimnetcheck.firewall.forward_proxy import parse_proxy
from nimnetcheck.model import World
from nimnetcheck.probe import resolve
from nimnetcheck.probe.resolvers import configured
from nimnetcheck.twin.capture import archive as capture_archive
from nimnetcheck.twin.capture import files as capture_files
from nimnetcheck.twin.capture.parts import assemble
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.wanted import ASKED, Unknown, Wanted, flows_of, resolvers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from nimnetcheck.firewall.forward_proxy import Proxy
    from nimnetcheck.model import Address, Endpoint
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


def profile(
    endpoints: Sequence[Endpoint], names: Names, via_proxy: str | None, *, live: bool
) -> tuple[Wanted | Unknown, ...]:
    """The flows of a profile, and on a live host those to its resolvers; raises InputError."""
    proxy = parse_proxy(via_proxy) if via_proxy else None
    found = flows_of(endpoints, names.addresses(_hosts(endpoints, proxy)), proxy)
    return (*found, *(resolvers(configured()) if live else ()))


def _hosts(endpoints: Iterable[Endpoint], proxy: Proxy | None) -> Iterable[str]:
    if proxy:
        return [proxy.host] if is_host_name(proxy.host) else []
    return [endpoint.host for endpoint in endpoints if endpoint.host and not endpoint.is_pattern]
