"""`nimnetcheck emulate`: the vendor's side as a server for other clients, until interrupted."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Callable

import click
from tabulate import tabulate

from nimnetcheck.addresses import MAX_PORT, parse_address, parse_listen
from nimnetcheck.cli.options import command as define
from nimnetcheck.cli.output import write_whole
from nimnetcheck.emulator import CONNECTED, DISCONNECTED, FAULTS, HOSTS, Where, running
from nimnetcheck.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.emulator import Vendor
    from nimnetcheck.emulator.proxy import Forward

FILE = click.Path(dir_okay=False, path_type=Path)
ENDING = (signal.SIGINT, signal.SIGTERM)
MODES = (DISCONNECTED.lower(), CONNECTED.lower())


@define()
@click.option("--listen", metavar="ADDR:PORT", default="127.0.0.1:0", help="Where to serve.  [default: 127.0.0.1:0]")
@click.option(
    "--names-port",
    type=click.IntRange(0, MAX_PORT),
    default=0,
    metavar="PORT",
    help="Where to answer DNS.  [default: any]",
)
@click.option("--answer", metavar="ADDR", help="Resolve every name to it, for clients on other hosts.")
@click.option("--nim-version", metavar="X.Y", default="2.21.0", help="The NIM to play.  [default: 2.21.0]")
@click.option("--nim-mode", type=click.Choice(MODES), default=MODES[0], help=f"How it reports.  [default: {MODES[0]}]")
@click.option(
    "--instances", type=click.IntRange(min=1), default=20, help="NGINX instances in its reports.  [default: 20]"
)
@click.option(
    "faults",
    "--fault",
    multiple=True,
    metavar="NAME[:N]",
    help="What to do wrong, always or the first N times; repeatable.",
)
@click.option("--list-faults", is_flag=True, help="Name the faults and end.")
@click.option("--ca-file", type=FILE, metavar="FILE", help="Write the trust anchor there.")
@click.option("--licence-file", type=FILE, metavar="FILE", help="Write a licence that is accepted there, mode 0600.")
@click.option("--password-file", type=FILE, metavar="FILE", help="Write the NIM's password there, mode 0600.")
def command(  # noqa: PLR0913 (one argument for each option)
    *,
    listen: str,
    names_port: int,
    answer: str | None,
    nim_version: str,
    nim_mode: str,
    instances: int,
    faults: tuple[str, ...],
    list_faults: bool,
    ca_file: Path | None,
    licence_file: Path | None,
    password_file: Path | None,
) -> None:
    """Run the emulated vendor side as a server.

    TEEM, the batch endpoint, a NIM, a collector for the telemetry range and two forward proxies, behind TLS of a
    throw-away authority; every route says whether it is documented, seen in public code, inferred or an analogue. The
    vendor's own scripts run against it. Ends with Ctrl-C.
    """
    if list_faults:
        click.echo(tabulate(FAULTS.items(), ("fault", "what goes wrong"), tablefmt="simple"))
        return
    host, port = parse_listen(listen)
    _version(nim_version)
    where = Where(host=host, port=port, names_port=names_port, answer=parse_address(answer) if answer else None)
    mode = nim_mode.upper()
    with (
        _asked_to_end() as wait,
        running(where=where, faults=faults, nim_version=nim_version, nim_mode=mode, instances=instances) as vendor,
    ):
        for path, text in (
            (ca_file, vendor.ca_pem.decode()),
            (licence_file, vendor.licence),
            (password_file, vendor.password),
        ):
            if path is not None:
                write_whole(path, text)
        click.echo(_introduction(vendor, ca_file))
        wait()


def _version(text: str) -> None:
    if [part.isascii() and part.isdigit() for part in text.split(".")[:2]] != [True, True]:
        raise InputError(f"--nim-version {text!r}: write X.Y, like 2.21 or 2.22")


def _introduction(vendor: Vendor, ca_file: Path | None) -> str:
    address, port = vendor.web
    where, at = vendor.resolver
    rows = [
        (host, route.method, route.path, route.label.value, route.source)
        for host, routes in vendor.routes.items()
        for route in routes
    ]
    names = " ".join(HOSTS)
    trust = f"--cacert {ca_file} " if ca_file else "--cacert FILE (write it with --ca-file) "
    example = f"curl {trust}--connect-to product.apis.f5.com:443:{address}:{port} https://product.apis.f5.com/"
    return "\n".join(
        (
            f"HTTPS on {address} port {port}, names on {where} port {at} (UDP and TCP): {names}",
            f"NIM user {vendor.username}; --password-file and --licence-file write its password and a licence",
            f"Proxies: {_proxy(vendor.proxy)} asks for nothing, {_proxy(vendor.guarded_proxy)} wants credentials",
            f"For example: {example}",
            "",
            tabulate(rows, ("host", "method", "path", "label", "by"), tablefmt="simple"),
            "",
            "Serving; Ctrl-C ends it.",
        )
    )


def _proxy(proxy: Forward) -> str:
    return f"http://{proxy.host}:{proxy.port}"


@contextmanager
def _asked_to_end() -> Iterator[Callable[[], object]]:
    """What waits for Ctrl-C or a polite request to end: the threads that begin meanwhile leave these signals to it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield lambda: signal.sigwait(ENDING)
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
