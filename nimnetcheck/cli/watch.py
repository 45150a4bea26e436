"""`nimnetcheck watch`: the same check again and again, as metrics for Prometheus."""

from __future__ import annotations

import itertools
import signal
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Callable

import click

from nimnetcheck import exporter, net, probe
from nimnetcheck.addresses import parse_listen
from nimnetcheck.cli import against
from nimnetcheck.cli.network import network_options
from nimnetcheck.cli.options import command as define
from nimnetcheck.cli.options import licence_option, option
from nimnetcheck.cli.output import write_whole
from nimnetcheck.cli.selection import selection_options
from nimnetcheck.cli.way import way
from nimnetcheck.errors import InputError
from nimnetcheck.report import prometheus
from nimnetcheck.report.style import Style
from nimnetcheck.run import Run
from nimnetcheck.site import clock, facts, products
from nimnetcheck.submission import licence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.cli.network import NetworkOptions
    from nimnetcheck.cli.selection import Selection
    from nimnetcheck.model import Report, World

UNITS = {"s": 1, "m": 60, "h": 3600}
SHORTEST_S = 10  # every run dials every address: more often would be load, not news
READABLE = 0o644  # the node exporter runs as somebody else
SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StoppedError(Exception):
    """Somebody asked the watch to end while it probed."""


@define()
@selection_options
@network_options
@licence_option
@option(
    "every", "--every", default="60s", metavar="TIME", help="From one begin to the next: 60s, 5m, 1h.  [default: 60s]"
)
@option("listen", "--listen", metavar="ADDR:PORT", help="Serve the metrics there, at /metrics.")
@option(
    "textfile",
    "--textfile",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write them there for the node exporter, whole or not at all; its name must end in .prom.",
)
@option("runs", "--runs", type=click.IntRange(min=1), metavar="N", help="End after so many runs.  [default: never]")
def command(  # noqa: PLR0913 (one argument for each option)
    *,
    selection: Selection,
    network: NetworkOptions,
    licence_file: Path | None,
    every: str,
    listen: str | None,
    textfile: Path | None,
    runs: int | None,
) -> None:
    """The same check again and again, as metrics for Prometheus.

    Probes every endpoint of the profile every so often, and serves what was seen, writes it to a file, or both. Ends
    with Ctrl-C or SIGTERM, and needs no root.
    """
    if not listen and not textfile:
        raise click.UsageError("say where the metrics go: --listen ADDR:PORT, --textfile FILE, or both")
    if textfile and textfile.suffix != ".prom":
        raise InputError(f"--textfile {textfile}: the node exporter reads files that end in .prom only")
    every_s = parse_time(every)
    where = parse_listen(listen) if listen else None
    page = [""]
    with ExitStack() as stack:
        stop = stack.enter_context(_stopping())
        world = stack.enter_context(against.world(network))
        if where:
            address, port = stack.enter_context(exporter.serving(*where, lambda: page[0]))
            click.echo(
                f"Metrics at http://{address}:{port}{exporter.METRICS}, a run every {every}; Ctrl-C ends it.", err=True
            )
        measure = partial(_measure, selection, network, world, licence_file, stop)
        for report in _again(measure, every_s, runs, stop):
            page[0] = prometheus.render(report, Style())
            if textfile:
                write_whole(textfile, page[0], mode=READABLE)


def parse_time(text: str) -> int:
    """`90`, `60s`, `5m` or `1h` in seconds; raises InputError."""
    digits, unit = (text[:-1], text[-1:]) if text[-1:] in UNITS else (text, "s")
    if not digits.isascii() or not digits.isdigit() or not SHORTEST_S <= int(digits) * UNITS[unit] <= 24 * UNITS["h"]:
        raise InputError(f"--every {text!r}: write a time from {SHORTEST_S}s to 24h, like 60s, 5m or 1h")
    return int(digits) * UNITS[unit]


class _Stop:
    """Whether somebody asked for the end.

    The signals are blocked, in every thread that begins meanwhile, but where the main thread probes: so none is lost
    between a look and a sleep, and none comes while a file is written.
    """

    def wait(self, seconds: float) -> bool:
        """Until somebody asks, or the time is over; whether somebody asked."""
        return signal.sigtimedwait(SIGNALS, seconds) is not None

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Let the asking itself end what is done here: it can be broken off anywhere."""
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)


@contextmanager
def _stopping() -> Iterator[_Stop]:
    """Both signals are how a watch is meant to end."""

    def end(*_: object) -> None:
        raise StoppedError

    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    before = {number: signal.signal(number, end) for number in SIGNALS}
    try:
        yield _Stop()
    except StoppedError:
        pass
    finally:
        while signal.sigtimedwait(SIGNALS, 0):
            pass  # asked twice
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


def _measure(
    selection: Selection, network: NetworkOptions, world: World, licence_file: Path | None, stop: _Stop
) -> Report:
    """One run: the endpoints, the clock that their answers tell of, what this host knows of itself, the licence."""
    run = Run(command="watch")
    host = facts.read(selection.nms_config)  # anew: what it tells of reports changes
    leads = way(network, host)
    with stop.at_once():
        seen = list(probe.run(selection.endpoints, world, leads.options(network, selection.endpoints)))
    now = net.utc_now()
    seen += [clock.clock(now, seen), *products.observe(host, now), *leads.observe(selection.endpoints)]
    if licence_file:
        seen += licence.check(licence_file, now)
    return run.report(seen, against.notes(network))


def _again(measure: Callable[[], Report], every_s: int, runs: int | None, stop: _Stop) -> Iterator[Report]:
    """One report for each run; a run that took too long is followed at once, and none is made up for."""
    for done in itertools.count(1):
        begun_s = net.monotonic()
        yield measure()
        if done == runs or stop.wait(max(0.0, begun_s + every_s - net.monotonic())):
            return
