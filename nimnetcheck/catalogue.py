"""The catalogue: endpoints, profiles and data points, read from the packaged TOML and the user's own.

A user's file adds endpoints, or with `replace = true` is the whole list. An added endpoint belongs to the profiles that
it names in `profiles`, and to all of them where it names none. What is read is hostile until checked: its size is
bounded, every key is known, every text printable, every name a host name, every CIDR exact.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from nimnetcheck.addresses import parse_network
from nimnetcheck.errors import InputError
from nimnetcheck.model import Connector, DataPoint, Direction, Endpoint, Profile

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

PACKAGED = Path(__file__).with_name("catalogue.toml")
MAX_BYTES = 1 << 20
MAX_PORT = 65535
MAX_NAME = 253  # RFC 1035, 2.3.4: 255 octets on the wire
_ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
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
    packaged = _Source(PACKAGED)
    if user_file is None:
        return _assemble((packaged,))
    user = _Source(user_file)
    if user.flag("replace"):
        return _assemble((user,))
    return _assemble((packaged, user))


def is_host_name(text: str) -> bool:
    """Whether it is a DNS name in ASCII, with at most one leading `*.`; an address in dots is none."""
    last = text.rpartition(".")[2]
    return len(text) <= MAX_NAME and bool(_HOST.fullmatch(text)) and not last.isdigit()


class _Source:
    """One TOML file and where in it things stand."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                raw = file.read(MAX_BYTES + 1)
            if len(raw) > MAX_BYTES:
                raise self.refusal(f"larger than {MAX_BYTES} bytes")
            self.text = raw.decode()
            self.data: dict[str, Any] = tomllib.loads(self.text)
        except OSError as error:
            raise InputError(f"{path}: cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise self.refusal("not UTF-8", line=raw.count(b"\n", 0, error.start) + 1) from error
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            where = re.search(r"line (\d+)", str(error))
            raise self.refusal(f"not TOML: {error}", line=int(where[1]) if where else 0) from error
        unknown = set(self.data) - {"replace", *_TABLES}
        if unknown:
            key = min(unknown)
            raise self.refusal(f"unknown key {key!r}", line=self.line_of(key))

    def refusal(self, reason: str, *, line: int = 0) -> InputError:
        return InputError(f"{self.path}:{line}: {reason}" if line else f"{self.path}: {reason}")

    def flag(self, key: str) -> bool:
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            raise self.refusal(f"{key} must be true or false", line=self.line_of(key))
        return value

    def tables(self, name: str) -> list[dict[str, Any]]:
        """The tables `[[name]]`; a plain `[name]` or a value is refused."""
        found = self.data.get(name, [])
        if not isinstance(found, list) or not all(isinstance(table, dict) for table in found):
            raise self.refusal(f"write [[{name}]], in double brackets, once for each", line=self.line_of(name))
        return found

    def line_of(self, table: str, index: int = 0, key: str = "") -> int:
        """The line where the index-th `[[table]]` sets `key`, or where it begins; 0 when it cannot be told."""
        lines = self.text.splitlines()
        heads = [n for n, line in enumerate(lines) if re.match(rf"\s*(\[\[?\s*)?{re.escape(table)}\b", line)]
        if index >= len(heads):
            return 0
        start = heads[index]
        end = next((n for n in range(start + 1, len(lines)) if lines[n].lstrip().startswith("[[")), len(lines))
        within = (n for n in range(start, end) if key and re.match(rf"\s*{re.escape(key)}\s*=", lines[n]))
        return next(within, start) + 1


def _assemble(sources: tuple[_Source, ...]) -> Catalogue:
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


def _rows(source: _Source, table: str) -> list[tuple[Any, dict[str, Any]]]:
    rows, seen = [], set()
    for index, raw in enumerate(source.tables(table)):

        def refuse(key: str, reason: str, *, at: int = index) -> InputError:
            return source.refusal(reason, line=source.line_of(table, at, key))

        row = _Row(raw, refuse)
        value, extras = _TABLES[table](row)
        row.nothing_left()
        name = getattr(value, "id", None) or getattr(value, "name", "")
        if name in seen:
            raise refuse("id", f"{table} {name!r} is defined twice")
        seen.add(name)
        rows.append((value, {**extras, "refuse": refuse, "added": source.path != PACKAGED}))
    return rows


class _Row:
    """One table, its keys taken one by one; what is left over is unknown."""

    def __init__(self, raw: Mapping[str, Any], refuse: Callable[[str, str], InputError]) -> None:
        self.raw = dict(raw)
        self.refuse = refuse

    def text(self, key: str, default: str | None = None) -> str:
        value = self.raw.pop(key, default)
        if not isinstance(value, str) or not value.isprintable():
            reason = f"{key} is missing" if value is None else f"{key} must be one line of printable text"
            raise self.refuse(key, reason)
        return value

    def name(self, key: str = "id") -> str:
        value = self.text(key)
        if not _ID.fullmatch(value):
            raise self.refuse(key, f"{key} {value!r}: use a-z, 0-9, '-' and '.', at most 64")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.raw.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.isprintable() for item in value):
            raise self.refuse(key, f"{key} must be a list of strings")
        return tuple(value)

    def choices(self, key: str, kind: type[Connector]) -> tuple[Connector, ...]:
        try:
            return tuple(kind(item) for item in self.texts(key))
        except ValueError as error:
            raise self.refuse(key, f"{key}: {error}") from error

    def nothing_left(self) -> None:
        for key in self.raw:
            raise self.refuse(key, f"unknown key {key!r}")


def _endpoint(row: _Row) -> tuple[Endpoint, dict[str, Any]]:
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


def _profile(row: _Row) -> tuple[Profile, dict[str, Any]]:
    listed = row.texts("endpoints")
    profile = Profile(id=row.name(), title=row.text("title", ""), endpoints=listed, note=row.text("note", ""))
    return profile, {"includes": row.texts("includes"), "endpoints": listed}


def _data_point(row: _Row) -> tuple[DataPoint, dict[str, Any]]:
    values = {key: row.text(key) for key in ("name", "description", "trigger", "source")}
    return DataPoint(**values), {}


_TABLES: Mapping[str, Callable[[_Row], tuple[Any, dict[str, Any]]]] = {
    "endpoint": _endpoint,
    "profile": _profile,
    "data_point": _data_point,
}
