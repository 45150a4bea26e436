"""Which endpoints a command is about: of the profiles asked for, else of what is installed here, else all."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from nimnetcheck.cli.config import settings as given
from nimnetcheck.cli.options import gathered, option
from nimnetcheck.paths import NMS_CONF

if TYPE_CHECKING:
    from nimnetcheck.catalogue import Catalogue
    from nimnetcheck.model import Endpoint, Setting
    from nimnetcheck.site.facts import Facts

EVERY = ("all",)


@attrs.frozen(kw_only=True, slots=False)
class Selection:
    """Which profiles were asked for, which catalogue holds them, and where this host says what it runs."""

    asked: tuple[str, ...] = ()
    catalogue_file: Path | None = None
    nms_config: Path = NMS_CONF

    @functools.cached_property
    def facts(self) -> Facts:
        """What this host is configured to do."""
        from nimnetcheck.site import facts  # noqa: PLC0415 (trace begins its twins before it asks)

        return facts.read(self.nms_config)

    @property
    def profiles(self) -> tuple[str, ...]:
        """The profiles in force."""
        return self.asked or self.facts.profiles or EVERY

    @functools.cached_property
    def catalogue(self) -> Catalogue:
        """The catalogue in force; raises InputError."""
        from nimnetcheck.catalogue import load  # noqa: PLC0415 (likewise)

        return load(self.catalogue_file)

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The endpoints of the profiles in force; raises InputError for an unknown one.

        Where NGINX Plus reports to a NIM and nothing was asked for, that NIM is one, and F5 is none of this host's.
        """
        relay = None if self.asked else self.facts.relay
        if relay is None:
            return self.catalogue.endpoints_for(self.profiles)
        return (*(self.catalogue.endpoints_for(self.facts.profiles) if self.facts.profiles else ()), relay)

    def settings(self, context: click.Context) -> tuple[Setting, ...]:
        """Every option of the running command, and what this host's own files set beside them, each with its source."""
        from nimnetcheck.model import Setting  # noqa: PLC0415 (likewise)

        found = "what is installed here" if self.facts.profiles else "default"
        chosen = Setting(key="for", value=", ".join(self.profiles), source=found)
        options = (chosen if one.key == "for" and not self.asked else one for one in given(context))
        return (*options, *self.facts.settings)


def _selection(profiles: tuple[str, ...], catalogue_file: Path | None, nms_config: Path) -> Selection:
    return Selection(asked=profiles, catalogue_file=catalogue_file, nms_config=nms_config)


nms_config_option = option(
    "nms_config",
    "-c",
    "--nms-config",
    type=click.Path(dir_okay=False, path_type=Path),
    default=NMS_CONF,
    metavar="FILE",
    help=f"NIM's configuration.  [default: {NMS_CONF}]",
)
selection_options = gathered(
    "selection",
    _selection,
    option(
        "profiles",
        "--for",
        multiple=True,
        metavar="PROFILE",
        help="Product version; repeatable.  [default: what is installed here, else all]",
    ),
    option(
        "catalogue_file",
        "--catalogue",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Your own endpoints, added to ours or in their place (TOML).",
    ),
    nms_config_option,
)
