"""The settings of a kernel that decide together with the rules: which they are, how they are read, and set in a twin.

A namespace is made with some of them as the machine has them that judges, and with the others as every kernel begins.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from nimnetcheck.twin.capture.routes import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

PROC = Path("/proc")
# What rules ask for: how a packet looks that this host sends, and what becomes of one that begins no connection.
OF_HOST = (
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_default_ttl",
    "net.ipv4.tcp_ecn",
    "net.ipv4.tcp_timestamps",
    "net.ipv4.tcp_sack",
    "net.ipv4.tcp_window_scaling",
    "net.netfilter.nf_conntrack_tcp_loose",
)
# Of each link, with what a kernel begins with.
OF_LINKS: Mapping[str, str] = {
    "net.ipv4.conf.{}.rp_filter": "0",
    "net.ipv4.conf.{}.src_valid_mark": "0",
    "net.ipv4.conf.{}.route_localnet": "0",
    "net.ipv6.conf.{}.disable_ipv6": "0",
    "net.ipv6.conf.{}.hop_limit": "64",
}
# Whether what comes in for others is passed on, by IP version.
FORWARDING: Mapping[int, str] = {4: "net.ipv4.ip_forward", 6: "net.ipv6.conf.all.forwarding"}
# Of no effect on what a host itself sends: for whoever reads a capture.
TOLD = (
    *FORWARDING.values(),
    "net.ipv6.conf.all.disable_ipv6",
    "net.bridge.bridge-nf-call-iptables",
    "net.bridge.bridge-nf-call-ip6tables",
    "net.netfilter.nf_conntrack_max",
    "net.netfilter.nf_conntrack_tcp_be_liberal",
)
_ALL, _NEXT = "all", "default"  # all links, and those that are yet to come
IPV6 = "net.ipv6."
_CONNECTIONS = "net.netfilter."


def read(proc: Path) -> dict[str, str]:
    """Those of this host; of a link only what is otherwise than for the next one."""
    every = (_of(link, name) for name in OF_LINKS for link in _beyond(name))
    found = {name: value for name in (*OF_HOST, *every, *TOLD) if (value := _value(_path(proc, name))) is not None}
    for name in OF_LINKS:
        for link in _links(proc):
            value = _value(_path(proc, _of(link, name)))
            if value is not None and value != found.get(_of(_NEXT, name)):
                found[_of(link, name)] = value
    return found


def begin() -> None:
    """Have the links that are yet to be made as on every kernel; what this one does not know is no matter."""
    for name, value in OF_LINKS.items():
        for link in _beyond(name):
            _set(_of(link, name), value)


def forward(captured: Mapping[str, str]) -> None:
    """Pass on what comes in for others, unless the host is known not to."""
    for name in FORWARDING.values():
        _set(name, "0" if captured.get(name) == "0" else "1")


def apply(captured: Mapping[str, str], links: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Set what was captured; yields the name of each that could not be set, and a sentence about it."""
    for name, value in _wanted(captured, (LOOPBACK, *links)):
        because = _set(name, value)
        if because:
            yield name, f"{name} = {value} could not be set in the twin: {because}"


def _wanted(captured: Mapping[str, str], links: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What is set; a link that was not told apart has what the next one gets."""
    for name in OF_HOST:
        # Without that file nothing in this twin knows of connections, and there is nothing to decide.
        if name in captured and (not name.startswith(_CONNECTIONS) or _path(PROC, name).exists()):
            yield name, captured[name]
    for name in OF_LINKS:
        for link in (*_beyond(name), *links):
            value = captured.get(_of(link, name), None if link == _ALL else captured.get(_of(_NEXT, name)))
            if value is not None:
                yield _of(link, name), value


def _beyond(name: str) -> tuple[str, ...]:
    """Where it stands for more than one link; in IPv6 `all` only overwrites the others when it is written."""
    return (_NEXT,) if name.startswith(IPV6) else (_ALL, _NEXT)


def _set(name: str, value: str) -> str:
    """Set it where it is otherwise; why not, or nothing."""
    path = _path(PROC, name)
    try:
        if _value(path) != value:
            path.write_text(value, encoding="utf-8")
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _of(link: str, name: str) -> str:
    """As sysctl(8) writes it: a dot of the link's name is a slash."""
    return name.format(link.replace(".", "/"))


def _path(proc: Path, name: str) -> Path:
    return proc.joinpath("sys", *(part.replace("/", ".") for part in name.split(".")))


def _links(proc: Path) -> list[str]:
    with suppress(OSError):
        return sorted(path.name for path in proc.joinpath("sys/net/ipv4/conf").iterdir())
    return []


def _value(path: Path) -> str | None:
    try:
        # Another codec would be loaded now, by a user who may not read where Python is.
        return " ".join(path.read_text(encoding="utf-8").split())
    except OSError:
        return None
