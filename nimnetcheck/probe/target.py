"""What a user names on the command line, as an endpoint: pure.

A catalogue id, a host or an address with or without its port, a CIDR, or an https URL.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from nimnetcheck.addresses import MAX_PORT, parse_network
from nimnetcheck.catalogue import is_host_name
from nimnetcheck.errors import InputError
from nimnetcheck.model import Connector, Endpoint

if TYPE_CHECKING:
    from nimnetcheck.catalogue import Catalogue
    from nimnetcheck.model import Network

HTTPS = 443
MAX_ADDRESSES = 1024  # what fits into the default deadline when all of them are silent
_FORMS = "write a catalogue id, HOST[:PORT], ADDRESS[:PORT], CIDR[:PORT], [IPV6]:PORT or an https URL"
_BRACKETS = re.compile(r"\[([0-9A-Fa-f:.%/]+)\](?::(\d{1,5}))?")
_URL_PATH = re.compile(r"/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*")


def parse(text: str, catalogue: Catalogue) -> Endpoint:
    """The endpoint that a TARGET argument means; an ad-hoc one has the text for its id.

    Raises: InputError with the forms there are.
    """
    known = catalogue.endpoint(text)
    if known:
        return known
    if "://" in text:
        return _url(text)
    place, port = split(text)
    if "/" in place or not is_host_name(place):
        return _endpoint(text, None, _network(text, place), port or HTTPS)
    if "." not in place and port is None:
        known_ids = ", ".join(endpoint.id for endpoint in catalogue.endpoints)
        raise InputError(f"{text!r} is no endpoint ({known_ids}); a host name without a dot needs its port: {text}:443")
    return _endpoint(text, place.lower(), (), port or HTTPS)


def split(text: str) -> tuple[str, int | None]:
    """The place and the port, if one is given; raises InputError for what is no port."""
    brackets = _BRACKETS.fullmatch(text)
    if brackets:
        return brackets[1], _port(text, brackets[2]) if brackets[2] else None
    place, colon, port = text.rpartition(":")
    if colon and ":" not in place:
        return place, _port(text, port)
    return text, None


def _port(text: str, digits: str) -> int:
    if not (digits.isascii() and digits.isdigit()) or not 0 < int(digits) <= MAX_PORT:
        raise InputError(f"{text!r}: a port is a whole number from 1 to {MAX_PORT}")
    return int(digits)


def _network(text: str, place: str) -> Network:
    try:
        network = parse_network(place)
    except InputError as error:
        raise InputError(f"target {text!r}: {error}; {_FORMS}") from error
    if network.num_addresses > MAX_ADDRESSES:
        raise InputError(f"target {text!r}: {network.num_addresses} addresses; at most {MAX_ADDRESSES} are tried")
    return network


def _url(text: str) -> Endpoint:
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port or HTTPS
    except ValueError as error:
        raise InputError(f"target {text!r}: {error}") from error
    if parts.scheme != "https":
        raise InputError(f"target {text!r}: only https is probed")
    if parts.username or parts.password:
        raise InputError("a target must hold no user name and no password")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not _URL_PATH.fullmatch(path):
        raise InputError(f"target {text!r}: its path has characters that a URL must escape")
    if is_host_name(host):
        return _endpoint(text, host, (), port, path)
    return _endpoint(text, None, _network(text, host), port, path)


def _endpoint(text: str, host: str | None, network: Network | tuple[()], port: int, path: str = "/") -> Endpoint:
    return Endpoint(
        id=text,
        host=host,
        networks=() if isinstance(network, tuple) else (network,),
        port=port,
        path=path,
        connects=(Connector.NIM,),
        versions="any",
        purpose="Asked for on the command line",
        source="the command line",
    )
