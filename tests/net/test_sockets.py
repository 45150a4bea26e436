"""Sockets keep the ICMP error behind an errno, and TCP's own numbers."""

from __future__ import annotations

import errno
import resource
import select
import socket
from ipaddress import ip_address

import pytest

from nimnetcheck.failures import Icmp
from nimnetcheck.net.sockets import (
    MAX_SOCKETS,
    clamp_segments,
    limit_hops,
    make_socket,
    own_address,
    read_icmp,
    sockaddr,
    socket_cap,
    tcp_counters,
)


def closed_port(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_a_closed_udp_port_leaves_its_icmp_error_with_the_sender() -> None:
    with make_socket(4, "udp") as sock:
        sock.connect(("127.0.0.1", closed_port(socket.SOCK_DGRAM)))
        sock.send(b"?")
        select.select([sock], [], [], 5)
        assert read_icmp(sock) == Icmp(version=4, type=3, code=3, sender=ip_address("127.0.0.1"))
        assert read_icmp(sock) is None


def test_a_closed_tcp_port_is_a_reset_and_leaves_none() -> None:
    with make_socket(4, "tcp") as sock:
        code = sock.connect_ex(("127.0.0.1", closed_port(socket.SOCK_STREAM)))
        if code == errno.EINPROGRESS:
            select.select([], [sock], [], 5)
            code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        assert code == errno.ECONNREFUSED
        assert read_icmp(sock) is None


def test_counters_of_a_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as near:
        counters = tcp_counters(near)
        assert counters["retransmits"] == 0
        assert isinstance(counters["mss"], int)
        assert 500 < counters["mss"] < 65536
        assert own_address(near) == ip_address("127.0.0.1")


def test_a_socket_that_is_no_tcp_has_no_counters() -> None:
    with make_socket(4, "udp") as sock:
        assert tcp_counters(sock) == {}


def test_addresses_as_the_system_wants_them() -> None:
    assert sockaddr(ip_address("192.0.2.1"), 443) == ("192.0.2.1", 443)
    assert sockaddr(ip_address("2001:db8::1"), 443) == ("2001:db8::1", 443, 0, 0)
    loopback = socket.if_nametoindex("lo")
    assert sockaddr(ip_address("fe80::1%lo"), 53) == ("fe80::1", 53, 0, loopback)
    with pytest.raises(OSError, match=r"interface|device"):
        sockaddr(ip_address("fe80::1%nosuchinterface"), 53)


def test_the_cap_respects_the_limit_on_open_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert socket_cap() == MAX_SOCKETS
    monkeypatch.setattr(resource, "getrlimit", lambda _: (100, 100))
    assert 4 <= socket_cap() < 68
    monkeypatch.setattr(resource, "getrlimit", lambda _: (10, 10))
    assert socket_cap() == 4


def test_bytes_are_counted_both_ways_and_the_syn_is_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as near:
        far, _ = server.accept()
        with far:
            near.sendall(b"12345")
            far.recv(5)
            far.sendall(b"123")
            near.recv(3)
            counters = tcp_counters(near)
    assert (counters["bytes_acked"], counters["bytes_received"], counters["unacked"]) == (1 + 5, 3, 0)


def test_segments_are_clamped_and_hops_limited() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, make_socket(4, "tcp") as sock:
        clamp_segments(sock, 600)
        limit_hops(sock, 4, 7)
        sock.connect_ex(server.getsockname())
        select.select([], [sock], [], 5)
        mss = tcp_counters(sock)["mss"]
        assert isinstance(mss, int)
        assert mss <= 600
        assert sock.getsockopt(socket.IPPROTO_IP, socket.IP_TTL) == 7
