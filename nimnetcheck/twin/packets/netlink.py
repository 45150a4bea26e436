"""Messages of the kernel's netfilter, in bytes: attributes, headers, and a socket that asks and listens; no meaning."""

from __future__ import annotations

import errno
import socket
import struct
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NETFILTER = 12  # NETLINK_NETFILTER
SOL_NETLINK, ADD_MEMBERSHIP = 270, 1
_HEADER = struct.Struct("=IHHII")  # nlmsghdr: length, type, flags, sequence, port
_FAMILY = struct.Struct("=BBH")  # nfgenmsg: family, version, resource
_ATTRIBUTE = struct.Struct("=HH")
_TYPE = 0x3FFF  # of an attribute, without the bits for "nested" and "byte order"
_REQUEST, _ACK, _DUMP = 1, 4, 0x300
_ERROR, _DONE = 2, 3
_RECEIVE_BUFFER = 8 * 1024 * 1024
_MOST = 1 << 20  # bytes of one read
FAMILIES: Mapping[int, str] = {1: "inet", 2: "ip", 3: "arp", 5: "netdev", 7: "bridge", 10: "ip6"}
_NUMBERS = {words: number for number, words in FAMILIES.items()}


@attrs.frozen(kw_only=True)
class Message:
    """One message of the netfilter subsystem: its type, the protocol family, and its attributes by number."""

    kind: int
    family: int
    attributes: Mapping[int, bytes]

    @property
    def words(self) -> str:
        """The family, as nft writes it."""
        return FAMILIES.get(self.family, str(self.family))


def attributes(data: bytes) -> dict[int, bytes]:
    """Attributes by number; what is cut off is left out."""
    return dict(_pairs(data))


def listed(data: bytes) -> list[bytes]:
    """The attributes of a list, in order, which all have one number."""
    return [payload for _, payload in _pairs(data)]


def _pairs(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + _ATTRIBUTE.size <= len(data):
        length, number = _ATTRIBUTE.unpack_from(data, at)
        if length < _ATTRIBUTE.size or at + length > len(data):
            return
        yield number & _TYPE, data[at + _ATTRIBUTE.size : at + length]
        at += (length + 3) & ~3


def attribute(number: int, payload: bytes) -> bytes:
    """One attribute, padded."""
    length = _ATTRIBUTE.size + len(payload)
    return _ATTRIBUTE.pack(length, number) + payload + b"\0" * (-length % 4)


def text(data: bytes) -> str:
    """A name."""
    return data.rstrip(b"\0").decode("utf-8", "replace")


def number(data: bytes) -> int:
    """A number, as netfilter sends them: the greatest byte first."""
    return int.from_bytes(data, "big")


def messages(data: bytes) -> Iterator[Message]:
    """The messages of one read; raises OSError for an error among them, and ends at the end of a dump."""
    at = 0
    while at + _HEADER.size <= len(data):
        length, kind, _, _, _ = _HEADER.unpack_from(data, at)
        if length < _HEADER.size or at + length > len(data):
            return
        body = data[at + _HEADER.size : at + length]
        at += (length + 3) & ~3
        if kind == _ERROR:
            code = -int.from_bytes(body[:4], sys.byteorder, signed=True)
            if code:
                raise OSError(code, errno.errorcode.get(code, "netlink"))
        elif kind != _DONE and len(body) >= _FAMILY.size:
            family, _, _ = _FAMILY.unpack_from(body)
            yield Message(kind=kind, family=family, attributes=attributes(body[_FAMILY.size :]))


class Netfilter:
    """A netlink socket to the netfilter of the namespace in which it was made."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETFILTER)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        self.socket.bind((0, 0))

    def join(self, group: int) -> None:
        """Listen to a group's events."""
        self.socket.setsockopt(SOL_NETLINK, ADD_MEMBERSHIP, group)

    def ask(self, kind: int, family: int, payload: bytes, *, resource: int = 0) -> None:
        """Send one request and wait for its acknowledgement; raises OSError when it is refused."""
        self._send(kind, _REQUEST | _ACK, family, payload, resource)
        list(messages(self.socket.recv(_MOST)))

    def dump(self, kind: int, family: str = "", payload: bytes = b"") -> list[Message]:
        """Everything of one kind, of every family or of one; raises OSError when it is refused."""
        self._send(kind, _REQUEST | _DUMP, _NUMBERS.get(family, 0), payload, 0)
        found: list[Message] = []
        while True:
            data = self.socket.recv(_MOST)
            found += messages(data)
            if _ended(data):
                return found

    def waiting(self, but: bytes | None = None) -> list[Message]:
        """The events that have come, each one datagram, `but` those that hold these bytes.

        Raises OSError (ENOBUFS) once when the kernel had to drop some.
        """
        found: list[Message] = []
        while True:
            try:
                data = self.socket.recv(_MOST, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return found
            if but is None or but not in data:
                found += messages(data)

    def close(self) -> None:
        """Close the socket."""
        self.socket.close()

    def _send(self, kind: int, flags: int, family: int, payload: bytes, resource: int) -> None:
        body = _FAMILY.pack(family, 0, socket.htons(resource)) + payload
        self.socket.send(_HEADER.pack(_HEADER.size + len(body), kind, flags, 1, 0) + body)


@contextmanager
def netfilter() -> Iterator[Netfilter]:
    """A socket for as long as it is needed."""
    opened = Netfilter()
    try:
        yield opened
    finally:
        opened.close()


def _ended(data: bytes) -> bool:
    at = 0
    while at + _HEADER.size <= len(data):
        length, kind, _, _, _ = _HEADER.unpack_from(data, at)
        if kind == _DONE or length < _HEADER.size:
            return True
        at += (length + 3) & ~3
    return False
