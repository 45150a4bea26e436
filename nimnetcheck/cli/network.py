"""The options of commands that probe: how long, where names lead, by which way, and whether the vendor is meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import click

from nimnetcheck.cli.options import gathered, option, proxy_option
from nimnetcheck.cli.pins import parse_pins
from nimnetcheck.errors import InputError
from nimnetcheck.model import World

ROOT_SERVER = "a.root-servers.net"


@attrs.frozen(kw_only=True)
class NetworkOptions:
    """How long to wait, where names lead, and whether the vendor or its emulator is asked; times in seconds."""

    timeout_s: float
    deadline_s: float
    against: str
    resolve: tuple[str, ...]
    versions: tuple[int, ...]
    proxy: str = "auto"
    proxy_auth_file: Path | None = None
    control: str = ROOT_SERVER

    @property
    def world(self) -> World:
        """The live network with the user's pins; raises InputError for a broken one."""
        return World(pins=parse_pins(self.resolve))


def _network(
    *,
    only_v4: bool,
    only_v6: bool,
    **given: Any,  # noqa: ANN401 (what the options say)
) -> NetworkOptions:
    wanted = tuple(version for version, only in ((4, only_v4), (6, only_v6)) if only) or (4, 6)
    refuse_credentials(given["proxy"])
    return NetworkOptions(versions=wanted, **given)


def refuse_credentials(proxy: str) -> None:
    """Raises InputError for a `--proxy` with credentials in it, which everybody on the host could read."""
    if "@" in proxy:
        raise InputError(
            "--proxy must hold no user name and no password: put user:password in a file, --proxy-auth FILE"
        )


proxy_options = (
    proxy_option,
    option(
        "proxy_auth_file",
        "--proxy-auth",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Holds user:password for the proxy, in one line.",
    ),
)

network_options = gathered(
    "network",
    _network,
    option(
        "timeout_s",
        "--timeout",
        type=click.FloatRange(min=0.1),
        default=5.0,
        metavar="S",
        help="Seconds for each probe; a SYN is first sent again after one.  [default: 5]",
    ),
    option(
        "deadline_s",
        "--deadline",
        type=click.FloatRange(min=0.1),
        default=30.0,
        metavar="S",
        help="Seconds for all of it.  [default: 30]",
    ),
    option(
        "against",
        "--against",
        type=click.Choice(["live", "emulator"]),
        default="live",
        help="The vendor's hosts, or their emulation on this machine.  [default: live]",
    ),
    option("resolve", "--resolve", multiple=True, metavar="HOST:PORT:ADDR", help="Use this address; repeatable."),
    *proxy_options,
    option(
        "control",
        "--control",
        default=ROOT_SERVER,
        metavar="ADDRESS[:PORT]|none",
        help=f"Whom failures are compared with, in a closer look; none asks nobody else.  [default: {ROOT_SERVER}]",
    ),
    click.option("only_v4", "-4", is_flag=True, help="IPv4 only."),
    click.option("only_v6", "-6", is_flag=True, help="IPv6 only."),
)
