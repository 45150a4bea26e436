"""The far side of the wire, real and on loopback: listeners that behave in one way, and a small name server."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from contextlib import suppress
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Callable, Optional

import attrs
import dns.flags
import dns.message
import dns.rrset
import pytest
import trustme

from nimnetcheck.model import Connector, Endpoint, World

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

Handler = Callable[[socket.socket], None]
Answerer = Callable[[dns.message.Message, str], Optional[bytes]]
Zone = Callable[["Mapping[tuple[str, str], tuple[str, ...]]"], Answerer]
Respond = Callable[[bytes], Handler]
LOOPBACK = ip_address("127.0.0.1")
HOST = "usage.example"


class Listener:
    """A TCP listener on loopback that hands each connection to a handler in a thread of its own."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=256)
        self._threads = [threading.Thread(target=self._accept)]
        self.port: int = self._socket.getsockname()[1]
        self.closing = threading.Event()
        self._threads[0].start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                thread = threading.Thread(target=self._handle, args=(connection,))
                self._threads.append(thread)
                thread.start()

    def _handle(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(10)
            self._handler(connection)

    def close(self) -> None:
        """Stop, and wait until every thread has."""
        self.closing.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in self._threads:
            thread.join()


class NameServer:
    """A name server on loopback, UDP and TCP; each of `answers` makes one reply, None for silence."""

    def __init__(self, *answers: Answerer) -> None:
        self._answers = answers
        self.asked: list[str] = []
        self._tcp = Listener(self._by_tcp)
        self.port = self._tcp.port
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", self.port))
        self._thread = threading.Thread(target=self._by_udp)
        self._thread.start()

    def _by_udp(self) -> None:
        while True:
            wire, sender = self._udp.recvfrom(4096)
            if not wire:
                return
            for reply in self._replies(wire, "udp"):
                self._udp.sendto(reply, sender)

    def _by_tcp(self, connection: socket.socket) -> None:
        wire = connection.recv(4096)
        for reply in self._replies(wire[2:], "tcp"):
            connection.sendall(struct.pack("!H", len(reply)) + reply)

    def _replies(self, wire: bytes, transport: str) -> list[bytes]:
        self.asked.append(transport)
        said = (answer(dns.message.from_wire(wire), transport) for answer in self._answers)
        return [reply for reply in said if reply is not None]

    def close(self) -> None:
        """Stop both."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as farewell:
            farewell.sendto(b"", ("127.0.0.1", self.port))
        self._thread.join()
        self._udp.close()
        self._tcp.close()


@attrs.frozen(kw_only=True)
class Bench:
    """What a test asks for: listeners, name servers, and the world and endpoint that lead to them."""

    authority: trustme.CA
    ca_file: Path
    started: list[Listener | NameServer] = attrs.field(factory=list)

    def listen(self, handler: Handler) -> int:
        """Start a listener; its port."""
        listener = Listener(handler)
        self.started.append(listener)
        return listener.port

    def listen_tls(self, certificate: trustme.LeafCert, handler: Handler, **settings: object) -> int:
        """Start a TLS listener; its port. `settings` go to the server's context."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        for name, value in settings.items():
            setattr(context, name, value)
        if context.verify_mode is ssl.CERT_REQUIRED:
            self.authority.configure_trust(context)

        def over_tls(connection: socket.socket) -> None:
            with context.wrap_socket(connection, server_side=True) as secure:
                handler(secure)

        return self.listen(over_tls)

    def name_server(self, *answers: Answerer) -> NameServer:
        """Start a name server."""
        server = NameServer(*answers)
        self.started.append(server)
        return server

    def world(self, port: int, **changes: Any) -> World:  # noqa: ANN401 (fields of World)
        """A world in which `usage.example` is pinned to loopback and its port 443 leads to `port`."""
        dial = {(LOOPBACK, 443): (LOOPBACK, port)}
        plain = World(name="test", pins={(HOST, 443): (LOOPBACK,)}, dial=dial, ca_file=self.ca_file)
        return attrs.evolve(plain, **changes)

    def silent(self, connection: socket.socket) -> None:
        """Take what comes and say nothing, until the test is over."""
        while connection.recv(65536):
            pass


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def bench(authority: trustme.CA, tmp_path: Path) -> Iterator[Bench]:
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    made = Bench(authority=authority, ca_file=ca_file)
    yield made
    for server in made.started:
        server.close()


@pytest.fixture
def endpoint() -> Endpoint:
    return Endpoint(
        id="usage", host=HOST, path="/api", connects=(Connector.NIM,), versions="any", purpose="test", source="test"
    )


@pytest.fixture
def respond() -> Respond:
    """A handler that reads one request and sends these bytes."""

    def make(reply: bytes) -> Handler:
        def handler(connection: socket.socket) -> None:
            received = b""
            while b"\r\n\r\n" not in received:
                data = connection.recv(4096)
                if not data:
                    return
                received += data
            connection.sendall(reply)

        return handler

    return make


@pytest.fixture
def zone() -> Zone:
    """An answerer for records by (name, type); CNAMEs are followed, what is not there is NXDOMAIN or no data."""

    def make(records: Mapping[tuple[str, str], tuple[str, ...]]) -> Answerer:
        def answer(query: dns.message.Message, transport: str) -> bytes:
            reply = dns.message.make_response(query)
            question = query.question[0]
            name, kind = question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)
            while (name, "CNAME") in records:
                alias = records[name, "CNAME"][0]
                reply.answer.append(dns.rrset.from_text(f"{name}.", 300, "IN", "CNAME", f"{alias}."))
                name = alias
            if (name, kind) in records:
                reply.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", kind, *records[name, kind]))
            elif not any(known == name for known, _ in records):
                reply.set_rcode(dns.rcode.NXDOMAIN)
            if transport == "udp" and len(reply.to_wire()) > 512:
                reply.answer.clear()
                reply.flags |= dns.flags.TC
            return reply.to_wire()

        return answer

    return make
