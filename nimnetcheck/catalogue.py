"""The catalogue: endpoints, profiles and data points, read from the packaged TOML and the user's own.

A user's file adds endpoints, or with `replace = true` is the whole list. An added endpoint belongs to the profiles that
it names in `profiles`, and to all of them where it names none. What is read is hostile until checked: beside what
`tables` checks, every name is a host name and every CIDR exact.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from nimnetcheck.addresses import MAX_PORT, parse_network
from nimnetcheck.errors import InputError
from nimnetcheck.model import Connector, DataPoint, Direction, Endpoint, Profile
from nimnetcheck.tables import Row, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

PACKAGED = Path(__file__).with_name("catalogue.toml")
MAX_NAME = 253  # RFC 1035, 2.3.4: 255 octets on the wire
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?:\*\.)?(?:{_LABEL}\.)*{_LABEL}", re.IGNORECASE)
_PATH = re.compile(r"/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*")


@attrs.frozen(kw_only=True)
class Catalogue:
    """Every endpoint, the profiles that group them, and the data points with their triggers."""

    endpoints: tuple[Endpoint, ...]
    profiles: tuple[Profile, ...]
    data_points: tuple[DataPoint, ...]

    def profile(self, profile_id: str) -> Profile:
        """The profile of that name; raises InputError that lists the names there are."""
        for profile in self.profiles:
            if profile.id == profile_id:
                return profile
        known = ", ".join(profile.id for profile in self.profiles)
        raise InputError(f"no profile {profile_id!r}: choose from {known}")

    def endpoint(self, endpoint_id: str) -> Endpoint | None:
        """The endpoint of that id, if there is one."""
        return next((endpoint for endpoint in self.endpoints if endpoint.id == endpoint_id), None)

    def endpoints_for(self, profile_ids: Iterable[str]) -> tuple[Endpoint, ...]:
        """The endpoints of these profiles, each once, in the catalogue's order."""
        wanted = {endpoint_id for profile_id in profile_ids for endpoint_id in self.profile(profile_id).endpoints}
        return tuple(endpoint for endpoint in self.endpoints if endpoint.id in wanted)


def load(user_file: Path | None = None) -> Catalogue:
    """The packaged catalogue, with the user's file added or in its place; InputError has file, line and reason."""
    packaged = Source(PACKAGED)
    if user_file is None:
        return _assemble((packaged,))
    user = Source(user_file)
    user.only("replace", *_TABLES)
    if user.flag("replace"):
        return _assemble((user,))
    return _assemble((packaged, user))


def is_host_name(text: str) -> bool:
    """Whether it is a DNS name in ASCII, with at most one leading `*.`; an address in dots is none."""
    last = text.rpartition(".")[2]
    return len(text) <= MAX_NAME and bool(_HOST.fullmatch(text)) and not last.isdigit()


def _assemble(sources: tuple[Source, ...]) -> Catalogue:
    read = {name: [row for source in sources for row in _rows(source, name)] for name in _TABLES}
    endpoints = {endpoint.id: endpoint for endpoint, _ in read["endpoint"]}
    profiles: dict[str, Profile] = {}
    members = {profile.id: extras for profile, extras in read["profile"]}
    for profile, _ in read["profile"]:
        own = _members(profile, members, endpoints)
        added = [
            endpoint.id
            for endpoint, extras in read["endpoint"]
            if extras["added"] and (not extras["profiles"] or profile.id in extras["profiles"])
        ]
        profiles[profile.id] = attrs.evolve(profile, endpoints=tuple(dict.fromkeys([*own, *added])))
    if not profiles:
        profiles["all"] = Profile(id="all", title="Every endpoint of this catalogue", endpoints=tuple(endpoints))
    for endpoint, extras in read["endpoint"]:
        for profile_id in extras["profiles"]:
            if profile_id not in profiles:
                raise extras["refuse"]("profiles", f"endpoint {endpoint.id!r} names no known profile: {profile_id!r}")
    data_points = tuple(point for point, _ in read["data_point"])
    return Catalogue(endpoints=tuple(endpoints.values()), profiles=tuple(profiles.values()), data_points=data_points)


def _members(profile: Profile, extras: Mapping[str, Any], endpoints: Mapping[str, Endpoint]) -> list[str]:
    refuse = extras[profile.id]["refuse"]
    listed = list(profile.endpoints)
    for included in extras[profile.id]["includes"]:
        if included not in extras or extras[included]["includes"]:
            raise refuse("includes", f"{included!r} is no profile that lists endpoints itself")
        listed += extras[included]["endpoints"]
    for endpoint_id in listed:
        if endpoint_id not in endpoints:
            raise refuse("endpoints", f"no endpoint {endpoint_id!r}")
    return listed


def _rows(source: Source, table: str) -> list[tuple[Any, dict[str, Any]]]:
    rows, seen = [], set()
    for index, raw in enumerate(source.tables(table)):
        row = Row(source, table, index, raw)
        value, extras = _TABLES[table](row)
        row.nothing_left()
        name = getattr(value, "id", None) or getattr(value, "name", "")
        if name in seen:
            raise row.refuse("id", f"{table} {name!r} is defined twice")
        seen.add(name)
        rows.append((value, {**extras, "refuse": row.refuse, "added": source.path != PACKAGED}))
    return rows


def _endpoint(row: Row) -> tuple[Endpoint, dict[str, Any]]:
    host = row.text("host", "").lower().rstrip(".") or None
    if host and not is_host_name(host):
        raise row.refuse("host", f"{host!r} is not a host name (addresses go into networks)")
    port = row.raw.pop("port", 443)
    if type(port) is not int or not 0 < port <= MAX_PORT:
        raise row.refuse("port", f"port must be a whole number from 1 to {MAX_PORT}")
    path = row.text("path", "/")
    if not _PATH.fullmatch(path):
        raise row.refuse("path", f"{path!r} is not a path")
    required = row.raw.pop("required", True)
    if not isinstance(required, bool):
        raise row.refuse("required", "required must be true or false")
    try:
        networks = tuple(parse_network(text) for text in row.texts("networks"))
        direction = Direction(row.text("direction", "out"))
    except InputError as error:
        raise row.refuse("networks", str(error)) from error
    except ValueError as error:
        raise row.refuse("direction", "direction must be out or both") from error
    if not host and not networks:
        raise row.refuse("id", "an endpoint needs a host or networks")
    endpoint = Endpoint(
        id=row.name(),
        host=host,
        networks=networks,
        port=port,
        path=path,
        connects=row.choices("connects", Connector) or (Connector.NIM,),
        versions=row.text("versions", "any"),
        purpose=row.text("purpose"),
        direction=direction,
        required=required,
        source=row.text("source", "the user's catalogue"),
        note=row.text("note", ""),
    )
    return endpoint, {"profiles": row.texts("profiles")}


def _profile(row: Row) -> tuple[Profile, dict[str, Any]]:
    listed = row.texts("endpoints")
    profile = Profile(id=row.name(), title=row.text("title", ""), endpoints=listed, note=row.text("note", ""))
    return profile, {"includes": row.texts("includes"), "endpoints": listed}


def _data_point(row: Row) -> tuple[DataPoint, dict[str, Any]]:
    values = {key: row.text(key) for key in ("name", "description", "trigger", "source")}
    return DataPoint(**values), {}


_TABLES: Mapping[str, Callable[[Row], tuple[Any, dict[str, Any]]]] = {
    "endpoint": _endpoint,
    "profile": _profile,
    "data_point": _data_point,
}
