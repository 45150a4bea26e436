"""`nimnetcheck rules`: one rule file, for one firewall, in one mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from nimnetcheck.addresses import parse_address
from nimnetcheck.catalogue import is_host_name
from nimnetcheck.cli.options import command as define
from nimnetcheck.cli.options import output_options
from nimnetcheck.cli.output import deliver
from nimnetcheck.cli.selection import selection_options
from nimnetcheck.errors import InputError
from nimnetcheck.firewall import BACKENDS, Mode, build, parse_proxy
from nimnetcheck.model import Direction
from nimnetcheck.net.clock import utc_now
from nimnetcheck.report.json import dumps, envelope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nimnetcheck.cli.options import Output
    from nimnetcheck.cli.selection import Selection
    from nimnetcheck.firewall import Policy, Proxy
    from nimnetcheck.model import Address, Endpoint

Addresses = dict[str, tuple["Address", ...]]
WARNINGS = 4
FAILED = 1
WRONG_SHOWN = 8


@define()
@click.argument("backend", type=click.Choice(list(BACKENDS)))
@click.option(
    "--mode",
    type=click.Choice([str(mode) for mode in Mode]),
    default=str(Mode.ALLOW),
    help="allow: our own chain, helps where nothing else drops; insert: hooked into the chain that drops; lockdown: "
    "this and what every host needs, nothing else.  [default: allow]",
)
@click.option("--into", default="", metavar="CHAIN", help="Mode insert: the output chain that drops.")
@click.option("--into-input", default="", metavar="CHAIN", help="Mode insert: the input chain that drops replies.")
@click.option(
    "--direction",
    type=click.Choice([str(direction) for direction in Direction]),
    default=str(Direction.OUT),
    help="both: replies are let in too; never a listening port.  [default: out]",
)
@click.option("--via-proxy", metavar="HOST:PORT", help="Open this forward proxy, and not the endpoints.")
@click.option(
    "--resolve",
    type=click.Choice(["live", "none"]),
    default="none",
    help="live: ask DNS for the names that have no published addresses.  [default: none]",
)
@click.option(
    "--verify", is_flag=True, help="Show first, by this machine's kernel, that the file opens this and no more."
)
@click.option("--pin", "pins", multiple=True, metavar="HOST=ADDR", help="The address of a name; repeatable.")
@selection_options
@output_options
def command(backend: str, selection: Selection, output: Output, **asked: Any) -> None:  # noqa: ANN401 (click's options)
    """A firewall rule file that opens exactly what the endpoints need.

    BACKEND is the firewall that the file is for. The file's head says when it helps, and how to load, check and remove
    it.
    """
    verify = asked.pop("verify")
    policy = _policy(selection, **asked)
    text = BACKENDS[backend].render(policy)
    if verify:
        _verify(backend, policy, text)
    deliver(dumps(_document(backend, policy, text)) if output.form == "json" else text, output)
    if policy.unresolved:
        if not output.quiet:
            names = ", ".join(policy.unresolved)
            click.echo(
                f"nimnetcheck: no address is known for {names}, so not opened: --pin or --resolve live", err=True
            )
        click.get_current_context().exit(WARNINGS if output.strict else 0)


def _verify(backend: str, policy: Policy, text: str) -> None:
    """Have the kernel judge the file, and say what it showed; ends the command where it shows a mistake."""
    from nimnetcheck.twin.ask import twins  # noqa: PLC0415 (for --verify alone)
    from nimnetcheck.twin.emitted import show  # noqa: PLC0415 (for --verify alone)
    from nimnetcheck.twin.observe import words  # noqa: PLC0415 (for --verify alone)

    with twins() as asking:
        shown = show(backend, policy, text, asking)
    for one in shown.wrong[:WRONG_SHOWN]:
        click.echo(f"nimnetcheck: {one.flow}: {one.verdict} ({words(one) or 'nothing stops it'})", err=True)
    if shown.wrong:
        click.echo(f"nimnetcheck: the kernel lets {len(shown.wrong)} flows go another way: nothing written", err=True)
        click.get_current_context().exit(FAILED)
    beside = "leave as before" if policy.mode is Mode.ALLOW else "do not"
    click.echo(
        f"nimnetcheck: shown by this machine's kernel: {len(shown.opened)} flows leave, {len(shown.others)} others "
        f"beside them {beside}",
        err=True,
    )


def _policy(  # noqa: PLR0913 (one for each option)
    selection: Selection,
    *,
    mode: str,
    into: str,
    into_input: str,
    direction: str,
    via_proxy: str | None,
    resolve: str,
    pins: tuple[str, ...],
) -> Policy:
    proxy = parse_proxy(via_proxy) if via_proxy else None
    endpoints = selection.endpoints
    names = _names(endpoints, proxy)
    addresses = _pinned(pins, names)
    if resolve == "live":
        addresses.update(_resolved(name for name in names if name not in addresses))
    return build(
        endpoints,
        mode=Mode(mode),
        direction=Direction(direction),
        into=into,
        into_input=into_input,
        via_proxy=proxy,
        addresses=addresses,
        profiles=selection.profiles,
        made_at=utc_now().isoformat(timespec="seconds").replace("+00:00", "Z"),
    )


def _names(endpoints: Iterable[Endpoint], proxy: Proxy | None) -> tuple[str, ...]:
    """The names that rules could need addresses for."""
    if proxy:
        return (proxy.host,) if is_host_name(proxy.host) else ()
    return tuple(dict.fromkeys(e.host for e in endpoints if e.host and not e.is_pattern))


def _pinned(pins: tuple[str, ...], names: tuple[str, ...]) -> Addresses:
    addresses: Addresses = {}
    for pin in pins:
        name, equals, text = pin.partition("=")
        name = name.lower()
        if not equals or not is_host_name(name):
            raise InputError(f"--pin {pin!r}: write HOST=ADDRESS, like product.apis.f5.com=192.0.2.7")
        if name not in names:
            known = ", ".join(names) or "no name at all"
            raise InputError(f"--pin {pin!r}: these rules need the addresses of {known}")
        addresses[name] = (*addresses.get(name, ()), parse_address(text))
    return addresses


def _resolved(names: Iterable[str]) -> Addresses:
    """Ask DNS; a name that does not resolve is left out, and its set keeps what it holds."""
    from nimnetcheck.model import World  # noqa: PLC0415 (with what follows)
    from nimnetcheck.probe import resolve  # noqa: PLC0415 (dnspython is for --resolve live alone)

    return {name: found for name, found in resolve(names, World()).items() if found}


def _document(backend: str, policy: Policy, text: str) -> dict[str, Any]:
    return envelope(
        command="rules",
        backend=backend,
        mode=str(policy.mode),
        direction=str(policy.direction),
        profiles=list(policy.profiles),
        via_proxy=str(policy.via_proxy) if policy.via_proxy else None,
        opens=[
            {"name": s.name, "port": s.port, "protocol": "tcp", "networks": [str(n) for n in s.networks]}
            for s in policy.sets
        ],
        endpoints=[endpoint.id for endpoint in policy.opened],
        unresolved=list(policy.unresolved),
        made_at=policy.made_at,
        text=text,
    )
