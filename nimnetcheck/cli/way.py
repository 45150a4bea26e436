"""Which way leads out: what `--proxy` means on this host, and the options of a probe that follow from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from nimnetcheck.errors import InputError
from nimnetcheck.model import Setting
from nimnetcheck.probe import Options, Proxy
from nimnetcheck.probe.elsewhere import parse
from nimnetcheck.site.proxies import Proxies, merge, observe, read
from nimnetcheck.site.proxy_setting import ProxySetting, bypasses, of_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from nimnetcheck.cli.network import NetworkOptions
    from nimnetcheck.model import Endpoint, Observation
    from nimnetcheck.site.facts import Facts

MAX_AUTH = 1024
_ELSE = "or give --proxy http://HOST:PORT or --proxy none"


@attrs.frozen(kw_only=True)
class Way:
    """The proxy in force, if any, and every other that this host knows."""

    chosen: ProxySetting | None = None
    proxies: Proxies = attrs.field(factory=Proxies)
    automatic: bool = False

    @property
    def wanted(self) -> ProxySetting | None:
        """The proxy that is set, even where it leads nowhere."""
        return self.chosen or self.proxies.in_force

    @property
    def settings(self) -> tuple[Setting, ...]:
        """The proxy in force with its source, and all that are set here; no credentials."""
        source = self.chosen.source if self.chosen else "nothing is set" if self.automatic else "flag"
        url = self.chosen.url if self.chosen else "none"
        return (Setting(key="proxy in force", value=url, source=source), *self.proxies.settings)

    def routes(self, endpoints: Iterable[Endpoint]) -> Options:
        """Which of these go through the proxy, as the options of a probe say it."""
        exempt = self.chosen.no_proxy if self.chosen else ()
        return Options(
            proxy=_proxy(self.chosen) if self.chosen else None,
            exempt=frozenset(one.host for one in endpoints if one.host and bypasses(exempt, one.host, one.port)),
        )

    def options(self, network: NetworkOptions, endpoints: Iterable[Endpoint]) -> Options:
        """The options of a probe that goes this way."""
        unused = (one for one in self.proxies.known if one.url not in ("none", self.chosen.url if self.chosen else ""))
        return attrs.evolve(
            self.routes(endpoints),
            timeout_s=network.timeout_s,
            deadline_s=network.deadline_s,
            versions=network.versions,
            unused_proxies=tuple({one.url: _proxy(one) for one in unused}.values()),
            elsewhere=parse(network.control),
        )

    def observe(self, endpoints: Iterable[Endpoint]) -> Sequence[Observation]:
        """What is wrong with the settings of this host, where they are what counts."""
        return observe(self.proxies, [one.host for one in endpoints if one.host]) if self.automatic else ()


def way(network: NetworkOptions, facts: Facts) -> Way:
    """The way of a command that probes; the emulator is reached without a proxy, unless one is named."""
    emulated = network.proxy == "auto" and network.against != "live"
    return leading("none" if emulated else network.proxy, network.proxy_auth_file, facts)


def certain(proxy: str, auth_file: Path | None, facts: Facts, *, here: bool = True) -> Way:
    """The same where another way than the product's would be worse than none.

    Raises InputError where what NIM is told cannot be read, or where the proxy in force leads nowhere.
    """
    if proxy == "auto" and facts.nms and facts.nms.problem:
        raise InputError(f"{facts.nms.problem}: NIM's proxy is not known; make it readable, {_ELSE}")
    leads = leading(proxy, auth_file, facts, here=here)
    wanted = leads.wanted
    if wanted and leads.chosen is None:
        raise InputError(
            f"proxy of {wanted.holder} ({wanted.source}): {wanted.objections[0]}; correct it there, {_ELSE}"
        )
    return leads


def leading(proxy: str, auth_file: Path | None, facts: Facts, *, here: bool = True) -> Way:
    """What `--proxy` and `--proxy-auth` mean; raises InputError for what is no proxy.

    Where the facts are those of another host (`here` is false), nothing beside them counts.
    """
    if proxy == "none":
        return Way()
    if proxy == "auto":
        proxies = read(facts) if here else merge(facts, (), {})
        return Way(chosen=_usable(proxies.in_force, auth_file), proxies=proxies, automatic=True)
    asked = of_url(proxy, holder="this run", source="flag")
    if asked.objections:
        raise InputError(f"--proxy {proxy!r}: {asked.objections[0]}; write http://HOST:PORT")
    return Way(chosen=_with_credentials(asked, auth_file))


def _usable(setting: ProxySetting | None, auth_file: Path | None) -> ProxySetting | None:
    """A setting that leads somewhere, with the credentials of the file where one is given."""
    return None if setting is None or setting.url == "none" else _with_credentials(setting, auth_file)


def _with_credentials(setting: ProxySetting, file: Path | None) -> ProxySetting:
    if file is None:
        return setting
    try:
        with file.open(encoding="utf-8") as opened:
            user, colon, password = opened.read(MAX_AUTH).strip().partition(":")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"--proxy-auth {file}: cannot be read: {getattr(error, 'strerror', 'not UTF-8')}") from error
    if not colon or not user or not (user + password).isprintable():
        raise InputError(f"--proxy-auth {file}: write user:password in one line")
    return attrs.evolve(setting, username=user, password=password)


def _proxy(setting: ProxySetting) -> Proxy:
    return Proxy(
        host=setting.host,
        port=setting.port,
        scheme=setting.scheme,
        verify=setting.verify,
        authorization=setting.authorization,
    )
