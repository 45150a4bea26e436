"""A name server for the emulated names, on UDP and TCP; every other name does not exist."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import attrs
import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimnetcheck.model import Address

TTL_S = 60
_VERSIONS = {dns.rdatatype.A: 4, dns.rdatatype.AAAA: 6}


@attrs.frozen(kw_only=True)
class Zone:
    """The names with their addresses, and which names were asked for."""

    addresses: Mapping[str, tuple[Address, ...]]
    asked: list[str] = attrs.field(factory=list)


def answer(wire: bytes, zone: Zone) -> bytes | None:
    """The answer to one question, or None where it cannot be read."""
    try:
        query = dns.message.from_wire(wire)
    except dns.exception.DNSException:
        return None
    reply = dns.message.make_response(query, recursion_available=True)
    for question in query.question:
        name = question.name.to_text(omit_final_dot=True).lower()
        zone.asked.append(name)
        addresses = zone.addresses.get(name)
        if addresses is None:
            reply.set_rcode(dns.rcode.NXDOMAIN)
            continue
        version = _VERSIONS.get(question.rdtype)
        found = [str(address) for address in addresses if address.version == version]
        if found:
            kind = dns.rdatatype.to_text(question.rdtype)
            reply.answer.append(dns.rrset.from_text_list(question.name, TTL_S, dns.rdataclass.IN, kind, found))
    return reply.to_wire()


class Udp(asyncio.DatagramProtocol):
    """Questions in datagrams."""

    def __init__(self, zone: Zone) -> None:
        self.zone = zone
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what answers go through."""
        self.transport = transport  # type: ignore[assignment]  # a datagram endpoint's

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer one question."""
        reply = answer(data, self.zone)
        if reply is not None and self.transport is not None:
            self.transport.sendto(reply, addr)


async def tcp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, zone: Zone) -> None:
    """Questions over TCP, each behind its length (RFC 1035, 4.2.2)."""
    try:
        while True:
            length = int.from_bytes(await reader.readexactly(2), "big")
            reply = answer(await reader.readexactly(length), zone)
            if reply is None:
                break
            writer.write(len(reply).to_bytes(2, "big") + reply)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()
