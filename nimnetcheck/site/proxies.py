"""Every forward proxy that somebody on this host is told to use, which one counts, and where they contradict."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.model import Failure, Observation, Setting
from nimnetcheck.site import environment
from nimnetcheck.site.host import failed
from nimnetcheck.site.proxy_setting import ProxySetting, of_mgmt, of_nms, of_url, surprises

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nimnetcheck.site.facts import Facts

SHELL = "this shell"
PRODUCTS = ("NIM", "NGINX Plus")


@attrs.frozen(kw_only=True)
class Proxies:
    """What is set, the product's own first; `direct` are the products that are here and go without one."""

    known: tuple[ProxySetting, ...] = ()
    direct: tuple[str, ...] = ()
    clashes: tuple[str, ...] = ()

    @property
    def in_force(self) -> ProxySetting | None:
        """What the product here uses, which may be none; without a product, what this shell uses."""
        own = next((one for one in self.known if one.holder in PRODUCTS), None)
        return own or (None if self.direct else next((one for one in self.known if one.holder == SHELL), None))

    @property
    def settings(self) -> tuple[Setting, ...]:
        """All of them, with their sources and without credentials."""
        return tuple(Setting(key=f"proxy of {one.holder}", value=one.url, source=one.source) for one in self.known)


def read(facts: Facts, environ: Mapping[str, str] | None = None) -> Proxies:
    """Read nms.conf's and nginx.conf's, the units', the processes' and this shell's; sends nothing."""
    environ = os.environ if environ is None else environ
    shell = _of_variables(environ, SHELL, "the environment")
    units = (_of_variables(found, f"unit {path}", path) for path, found in environment.of_units().items())
    processes = (
        _of_variables(found, f"process {name}", "its environment") for name, found in environment.of_processes().items()
    )
    return merge(facts, [*units, *processes, shell], environ)


def merge(facts: Facts, others: Iterable[ProxySetting | None], environ: Mapping[str, str]) -> Proxies:
    """Put together what was read; pure."""
    own = {"NIM": of_nms(facts.nms), "NGINX Plus": of_mgmt(facts.mgmt)}
    here = {"NIM": facts.nms is not None and not facts.nms.problem, "NGINX Plus": facts.reports_directly}
    return Proxies(
        known=tuple(one for one in (*own.values(), *others) if one),
        direct=tuple(name for name in PRODUCTS if here[name] and own[name] is None),
        clashes=tuple(_clashes(environ)),
    )


def observe(proxies: Proxies, hosts: Iterable[str]) -> tuple[Observation, ...]:
    """What is wrong with the settings, and where they contradict, as observations; none where all is well."""
    return (*_objections(proxies), *_drift(proxies), *_surprises(proxies, tuple(hosts)))


def _objections(proxies: Proxies) -> Iterator[Observation]:
    for one in proxies.known:
        if one.objections and one.holder != "NIM":  # what is wrong in nms.conf is told with that file
            yield failed(
                f"Proxy of {one.holder}",
                Failure.PROXY_BAD_URL,
                f"{one.source}: {'; '.join(one.objections)}",
                required=one is proxies.in_force,
            )


def _drift(proxies: Proxies) -> Iterator[Observation]:
    ways = {one.holder: one.url for one in proxies.known}
    ways.update(dict.fromkeys(proxies.direct, "no proxy"))
    words = [f"{holder}: {way}" for holder, way in ways.items()]
    if len(set(ways.values())) > 1 or proxies.clashes:
        yield failed(
            "Proxy settings",
            Failure.PROXY_CONFIG_DRIFT,
            "; ".join([*proxies.clashes, *(words if len(set(ways.values())) > 1 else ())]),
            required=False,
            ways=ways,
        )


def _surprises(proxies: Proxies, hosts: tuple[str, ...]) -> Iterator[Observation]:
    for one in proxies.known:
        found = surprises(one, hosts)
        if found:
            words = f"{one.holder}: {'; '.join(found)}"
            yield failed("NO_PROXY", Failure.PROXY_NO_PROXY_SURPRISE, words, required=False)


def _of_variables(variables: Mapping[str, str], holder: str, source: str) -> ProxySetting | None:
    """Lower case first, as curl and Go read them; what HTTP_PROXY says is for http alone."""
    for name in ("https_proxy", "HTTPS_PROXY"):
        value = variables.get(name, "")
        if value:
            exempt = variables.get("no_proxy") or variables.get("NO_PROXY") or ""
            return of_url(value, holder=holder, source=f"{name} in {source}", no_proxy=exempt)
    return None


def _clashes(environ: Mapping[str, str]) -> Iterator[str]:
    for name in ("https_proxy", "no_proxy"):
        lower, upper = environ.get(name), environ.get(name.upper())
        if lower is not None and upper is not None and lower != upper:
            yield f"{name} and {name.upper()} of this shell differ, and programs disagree on which one counts"
