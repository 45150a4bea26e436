"""What confines the services that send usage, as files tell it that everybody may read: units and security modules.

A check in a shell meets none of it: a service can be shut in where every probe gets through.
"""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

from nimnetcheck.model import Connector, Failure, Rung
from nimnetcheck.site import security_modules, units
from nimnetcheck.site.host import failed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from nimnetcheck.model import Endpoint, Network, Observation
    from nimnetcheck.site.facts import Facts
    from nimnetcheck.site.units import Setting

SENDERS = {Connector.NIM: "nms-integrations", Connector.NGINX_PLUS: security_modules.NGINX}
YES = ("yes", "true", "on", "1")
KEYWORDS: Mapping[str, tuple[str, ...]] = {
    "any": ("0.0.0.0/0", "::/0"),
    "localhost": ("127.0.0.0/8", "::1/128"),
    "link-local": ("169.254.0.0/16", "fe80::/64"),
    "multicast": ("224.0.0.0/4", "ff00::/8"),
}
CALLS = {"@network-io", "connect", "socket"}


def observe(
    facts: Facts,
    endpoints: Sequence[Endpoint],
    probed: Sequence[Observation],
    folders: Sequence[Path] = units.FOLDERS,
) -> tuple[Observation, ...]:
    """Each service that sends and is kept from it: one observation with everything that does; nothing where none is.

    A unit nginx is of NGINX Plus only where that is installed: NIM's own gateway is an nginx, and sends no usage.
    """
    found = []
    for connector, service in SENDERS.items():
        if connector is Connector.NGINX_PLUS and not facts.versions.nginx_plus:
            continue
        wanted = [_addresses(endpoint, probed) for endpoint in endpoints if connector in endpoint.connects]
        given = units.settings(service, folders)
        said = [*_of_unit(given, wanted)] if wanted else []
        said += security_modules.shut_in() if connector is Connector.NGINX_PLUS and wanted else []
        if said:
            found.append(
                failed(f"Confinement of {service}", Failure.BLOCKED_LOCALLY, "; ".join(said), confined=service)
            )
    return tuple(found)


def _addresses(endpoint: Endpoint, probed: Sequence[Observation]) -> tuple[Network, ...]:
    """Where connections for an endpoint go: where the probes' went, through a proxy too, else as it is published."""
    tried = (one.target for one in probed if one.subject == endpoint.id and one.rung is Rung.TCP)
    dialled = tuple(dict.fromkeys(ip_network(target.dialled[0]) for target in tried if target))
    return endpoint.networks if endpoint.is_range or not dialled else dialled


def _of_unit(given: Sequence[Setting], wanted: Sequence[Sequence[Network]]) -> Iterator[str]:
    """What the assignments of a unit forbid of these connections, in words."""
    private = units.last(given, "PrivateNetwork")
    if private and private.value.lower() in YES:
        yield f"PrivateNetwork={private.value} in {private.path}: it has no network but its own loopback"
    families, no_families = units.lists(given, "RestrictAddressFamilies")
    if "AF_INET" in no_families or (families and "AF_INET" not in families):
        yield f"{_where(given, 'RestrictAddressFamilies')}: it may make no IPv4 socket"
    if units.lists(given, "SystemCallFilter")[1] & CALLS:
        yield f"{_where(given, 'SystemCallFilter')}: it may not connect"
    if units.lists(given, "RestrictNetworkInterfaces")[0] == {"lo"}:
        yield f"{_where(given, 'RestrictNetworkInterfaces')}: it may use loopback alone"
    denied, allowed = (_networks(units.words(given, key)) for key in ("IPAddressDeny", "IPAddressAllow"))
    shut = [networks for networks in wanted if networks and all(_is_shut(one, denied, allowed) for one in networks)]
    if shut:
        places = ", ".join(str(one).partition("/32")[0] for networks in shut for one in networks[:1])
        yield f"{_where(given, 'IPAddressDeny')}, and IPAddressAllow= leaves out {places}"


def _is_shut(address: Network, denied: Sequence[Network], allowed: Sequence[Network]) -> bool:
    """As the kernel's filter for a unit judges: what is allowed is, whatever is denied beside it."""
    return any(_covers(one, address) for one in denied) and not any(_covers(one, address) for one in allowed)


def _covers(network: Network, other: Network) -> bool:
    return network.version == other.version and other.subnet_of(network)  # type: ignore[arg-type]  # of one version


def _networks(words: Sequence[str]) -> tuple[Network, ...]:
    """The prefixes of an address list; a word that is none, as systemd would complain too, names nobody."""
    found: list[Network] = []
    for word in words:
        for text in KEYWORDS.get(word, (word,)):
            try:
                found.append(ip_network(text, strict=False))
            except ValueError:  # noqa: PERF203 (a few words)
                continue
    return tuple(found)


def _where(given: Sequence[Setting], key: str) -> str:
    setting = units.last(given, key)
    return f"{key}={setting.value} in {setting.path}" if setting else key
