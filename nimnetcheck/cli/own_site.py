"""The options that name the user's own site, and the site they make; credentials come from files, never from argv."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click
from click.core import ParameterSource

from nimnetcheck import net
from nimnetcheck.cli.network import proxy_options, refuse_credentials
from nimnetcheck.cli.nim_trust import Wanted, anchor
from nimnetcheck.cli.options import gathered, option
from nimnetcheck.cli.pins import parse_pins
from nimnetcheck.cli.selection import nms_config_option
from nimnetcheck.cli.way import Way, certain
from nimnetcheck.errors import InputError
from nimnetcheck.model import World
from nimnetcheck.site import facts
from nimnetcheck.submission.flow import Site
from nimnetcheck.submission.handover import Uncertain
from nimnetcheck.submission.route import Anchor, usable

if TYPE_CHECKING:
    from nimnetcheck.submission.licence import Licence

FILE = click.Path(dir_okay=False, path_type=Path)
PASSWORD = "NIMNETCHECK_PASSWORD"  # noqa: S105 (a variable's name)
MAX_PASSWORD_BYTES = 4096
ON_THE_COMMAND_LINE = ("submit", "endpoint_url")


@attrs.frozen(kw_only=True)
class OwnSite:
    """What the options say about a real NIM, or about a report that one made."""

    nim: str
    report: Path | None
    licence: Path | None
    username: str
    password_file: Path | None
    nim_ca: Path | None
    nim_fingerprint: str
    submit: bool
    result_dir: Path | None
    uncertain: str
    endpoint_url: str
    nms_config: Path
    proxy: str
    proxy_auth_file: Path | None
    resolve: tuple[str, ...]
    timeout_s: float

    @property
    def is_named(self) -> bool:
        """Whether there is one: otherwise all of it is emulated."""
        return bool(self.nim) or self.report is not None

    def way(self) -> Way:
        """Which way leads to F5; to NIM it is always the direct one. The emulation needs none.

        Raises InputError where the product's own way is not known.
        """
        return certain(self.proxy, self.proxy_auth_file, facts.read(self.nms_config)) if self.is_named else Way()

    def site(self, leads: Way) -> Site:
        """The site, with its credentials read; raises InputError for whatever does not fit."""
        self._check()
        world = World(pins=parse_pins(self.resolve))
        url = self.nim if not self.nim or "://" in self.nim else f"https://{self.nim}"
        wanted = Wanted(ca_file=self.nim_ca, fingerprint=self.nim_fingerprint)
        return Site(
            world=world,
            nim_url=url,
            username=self.username,
            password=_password(self.password_file, self.username) if self.nim else "",
            licence=_licence(self.licence) if self.licence else None,
            submits=self.submit,
            report_file=self.report,
            result_dir=self.result_dir if self.submit else None,
            uncertain=Uncertain(self.uncertain),
            anchor=anchor(url, wanted, world, self.timeout_s) if self.nim else Anchor(),
            proxy=usable(leads.wanted),
            endpoint_url=self.endpoint_url,
            timeout_s=self.timeout_s,
        )

    def _check(self) -> None:
        if self.nim and self.report:
            raise InputError("--nim and --report: the report comes from the NIM or from the file, not from both")
        if self.submit and self.result_dir is None:
            raise InputError("--submit needs --result-dir DIR: the journal there keeps files from being sent twice")


def _own(**given: Any) -> OwnSite:  # noqa: ANN401 (what the options say)
    refuse_credentials(given["proxy"])
    return OwnSite(**given)


own_site_options = gathered(
    "own",
    _own,
    option("nim", "-i", "--nim", default="", metavar="HOST", help="Your own NIM, as a host or https://HOST:PORT."),
    option("report", "--report", type=FILE, metavar="ZIP", help="A report that a NIM made, in place of one."),
    option("licence", "-j", "--license", type=FILE, metavar="FILE", help="The subscription's JWT from MyF5."),
    option("username", "-u", "--username", default="admin", metavar="NAME", help="NIM's user.  [default: admin]"),
    option(
        "password_file",
        "--password-file",
        type=FILE,
        metavar="FILE",
        help=f"Its password, in a file; or in {PASSWORD}; otherwise it is asked for.",
    ),
    option("nim_ca", "--nim-ca", type=FILE, metavar="FILE", help="The authority of NIM's certificate."),
    option("nim_fingerprint", "--nim-fingerprint", default="", metavar="SHA256", help="NIM's certificate itself."),
    click.option("--submit", is_flag=True, help="Send it: without this, nothing is sent that counts."),
    option(
        "result_dir",
        "-r",
        "--result-dir",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        help="Keeps report, acknowledgement and journal: run again to go on.",
    ),
    option(
        "uncertain",
        "--uncertain",
        type=click.Choice([str(one) for one in Uncertain]),
        default=str(Uncertain.HOLD),
        help="A file that may have been taken when a run was killed.  [default: hold]",
    ),
    click.option("endpoint_url", "-e", "--endpoint-url", default="", metavar="URL", help="Post reports there instead."),
    nms_config_option,
    *proxy_options,
    option("resolve", "--resolve", multiple=True, metavar="HOST:PORT:ADDR", help="Use this address; repeatable."),
    option(
        "timeout_s",
        "--timeout",
        type=click.FloatRange(min=0.1),
        default=30.0,
        metavar="S",
        help="Seconds without a byte before an attempt is given up.  [default: 30]",
    ),
)


def check_sources(context: click.Context) -> None:
    """What sends a licence somewhere is said on the command line: a file that lies in a folder must not."""
    for name in ON_THE_COMMAND_LINE:
        if context.params.get(name) and context.get_parameter_source(name) is not ParameterSource.COMMANDLINE:
            raise InputError(f"--{name.replace('_', '-')} counts on the command line only, not in a configuration file")


def _password(path: Path | None, username: str) -> str:
    """The password from the file, the environment or a prompt; a line end at its end is not part of it."""
    if path is not None:
        try:
            with path.open("rb") as file:
                data = file.read(MAX_PASSWORD_BYTES + 1)
            text = data.decode("utf-8")
        except OSError as error:
            raise InputError(f"--password-file {path}: {error.strerror}") from error
        except UnicodeDecodeError:
            raise InputError(f"--password-file {path}: not UTF-8 text") from None
        if len(data) > MAX_PASSWORD_BYTES:
            raise InputError(f"--password-file {path}: longer than any password")
        return text.rstrip("\r\n")
    if os.environ.get(PASSWORD):
        return os.environ[PASSWORD]
    if not sys.stdin.isatty():
        raise InputError(f"no password for {username}: give --password-file FILE, or set {PASSWORD}")
    return str(click.prompt(f"Password of {username}", hide_input=True, err=True))


def _licence(path: Path) -> Licence:
    from nimnetcheck.submission.licence import read  # noqa: PLC0415 (cryptography comes with it)

    reading = read(path, now=net.utc_now())
    if reading.licence is None:
        raise InputError(f"--license {path}: {reading.detail}")
    return reading.licence
