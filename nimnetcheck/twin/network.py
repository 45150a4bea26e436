"""The network of a twin, made by `ip`.

Every link is a veth whose other end stands on the far side, both with one hardware address and without ARP: any next
hop then leads there, and the ruleset has nothing to block but what it blocks on the host.
"""

from __future__ import annotations

import fcntl
import re
import socket
import struct
import time
from ipaddress import ip_network
from typing import TYPE_CHECKING

from nimnetcheck.errors import NotJudgedError
from nimnetcheck.twin import tools
from nimnetcheck.twin.capture.routes import EVERYTHING, LOOPBACK
from nimnetcheck.twin.routing import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nimnetcheck.model import Address
    from nimnetcheck.twin.layout import Layout

HARDWARE = "02:00:00:00:00:01"
UNWRITTEN = "it is not written as `ip` writes it"
_FLAGS = struct.Struct("16sh22x")  # ifreq: a name and the flags
_GET_FLAGS, _RUNNING = 0x8913, 0x40  # SIOCGIFFLAGS, IFF_RUNNING
CARRIER_S = 2.0
_PAUSE_S = 0.0005
_FAILED = re.compile(r"(?P<why>[^\n]*)\nCommand failed -:(?P<line>\d+)")


def make(lines: Sequence[Line], version: int | None = None) -> list[tuple[Line, str]]:
    """Carry out the lines in this namespace; those that could not be, with the reason."""
    failed = [(line, UNWRITTEN) for line in lines if not line.text]
    written = [line for line in lines if line.text]
    if not written:
        return failed
    ran = tools.run(
        ("ip", *([f"-{version}"] if version else []), "-force", "-batch", "-"),
        "".join(f"{line.text}\n" for line in written),
    )
    found = [(written[int(match["line"]) - 1], match["why"]) for match in _FAILED.finditer(ran.said)]
    if ran.is_refused and not found:
        raise NotJudgedError(f"the twin's network cannot be made: {ran.reason}")
    return failed + found


def await_carrier(layout: Layout) -> None:
    """Wait until the far ends carry packets.

    A veth that was up before its peer is switched on behind our back, by a worker of the kernel that waits for all
    others who change a network: 1 to 4 ms here, longer on a busy machine. Until then it drops what it is given.
    """
    ends = time.monotonic() + CARRIER_S
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for at, _ in enumerate(layout.links):
            while not _is_running(asking, f"p{at}") and time.monotonic() < ends:
                time.sleep(_PAUSE_S)


def _is_running(asking: socket.socket, link: str) -> bool:
    try:
        told = fcntl.ioctl(asking, _GET_FLAGS, _FLAGS.pack(link.encode(), 0))
    except OSError:
        return True  # it could not be made, and nothing will come of it
    return bool(_FLAGS.unpack(told)[1] & _RUNNING)


def near_side(layout: Layout) -> list[Line]:
    """The host's own side: its links are there."""
    lines = (f"link set {LOOPBACK} up", *(f"link set {link} arp off up" for link in layout.links))
    return [*(Line(text=line) for line in lines), *layout.lines]


def far_side(layout: Layout, translated: Iterable[Address], near: str) -> list[Line]:
    """The far side makes the links, their other ends in the namespace `near`.

    It has every address, and leads back to the host's own, and where it leads out to those that it translates to and to
    who is behind it.
    """
    inner = {one.link for one in layout.behind}
    outer = {link: at for at, link in enumerate(layout.links) if link not in inner}
    lines = [f"link set {LOOPBACK} up", *_links(outer, near)]
    # In IPv6 a default route of table `local` would swallow the replies.
    lines += [f"route add local {everything} dev {LOOPBACK} table main" for everything in EVERYTHING.values()]
    back = {address: outer[name] for address, name in layout.addresses if name in outer}
    out = next(iter(outer.values()), None)  # the way out comes first
    if out is not None:
        others = (*translated, *(one.address for one in layout.behind))
        back.update((address, out) for address in others if address not in back)
    return [
        Line(text=line) for line in (*lines, *(f"route replace {address} dev p{at}" for address, at in back.items()))
    ]


def behind_side(layout: Layout, near: str) -> list[Line]:
    """Where those are who send from behind the host: their links, whose other ends are the host's, lead everywhere."""
    links = {one.link: layout.links.index(one.link) for one in layout.behind}
    lines = [Line(text=line) for line in (f"link set {LOOPBACK} up", *_links(links, near))]
    for one in layout.behind:
        way, everything = f"dev p{links[one.link]}", EVERYTHING[one.address.version]
        nodad = " nodad" if one.address.version == 6 else ""  # noqa: PLR2004 (IP version)
        texts = (f"addr add {one.address} {way}{nodad}", f"route replace {everything} {way}")
        lines += [Line(text=text, network=ip_network(one.address)) for text in texts]
    return lines


def _links(links: Mapping[str, int], near: str) -> Iterator[str]:
    for link, at in links.items():
        yield f"link add p{at} address {HARDWARE} type veth peer name {link} address {HARDWARE} netns {near}"
        yield f"link set p{at} arp off up"
