"""Whether rules that nimnetcheck wrote still open what is published for the endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.errors import InputError
from nimnetcheck.firewall.held import held, lets, made
from nimnetcheck.model import Failure
from nimnetcheck.site.host import failed, passed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from nimnetcheck.model import Endpoint, Network, Observation

TITLE = "Rules of nimnetcheck"
MAX_BYTES = 16 * 1024 * 1024
SHOWN = 8


def read(paths: Iterable[Path]) -> Mapping[str, str]:
    """The texts of the files that the user names; raises InputError for what cannot be read."""
    texts: dict[str, str] = {}
    for path in paths:
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise InputError(f"--rules {path}: cannot be read: {error.strerror}") from error
        if len(data) > MAX_BYTES:
            raise InputError(f"--rules {path}: longer than any rule file")
        texts[str(path)] = data.decode("utf-8", "replace")
    return texts


def observe(texts: Mapping[str, str], endpoints: Sequence[Endpoint]) -> tuple[Observation, ...]:
    """Of each text that holds our sets whether they let through all that is published for the endpoints; pure."""
    found = []
    for source, text in texts.items():
        sets = held(text)
        lacking = list(_lacking(sets, endpoints))
        if not sets:
            continue
        when = f" (made {made(text)})" if made(text) else ""
        if lacking:
            more = f" and {len(lacking) - SHOWN} more" if len(lacking) > SHOWN else ""
            words = ", ".join(f"{network} ({endpoint.host or endpoint.id})" for endpoint, network in lacking[:SHOWN])
            lacks = [str(network) for _, network in lacking]
            detail = f"{source}{when} does not open {words}{more}"
            found.append(failed(TITLE, Failure.RULES_STALE, detail, required=False, lacks=lacks))
        else:
            found.append(passed(TITLE, f"{source}{when} opens every published address of the endpoints"))
    return tuple(found)


def _lacking(
    sets: Mapping[tuple[int, int], tuple[Network, ...]], endpoints: Sequence[Endpoint]
) -> Iterator[tuple[Endpoint, Network]]:
    """What is published and not let through, of the IP versions that there are rules for."""
    versions = {version for version, _ in sets}
    for endpoint in endpoints:
        for network in endpoint.networks if endpoint.required else ():
            if network.version in versions and not lets(sets.get((network.version, endpoint.port), ()), network):
                yield endpoint, network
