"""dnsmasq: the company's resolver, with the vendor's names as they are published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.network import HOSTS, RESOLVER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.lab.lab import Lab


def start(lab: Lab, hosts: Mapping[str, tuple[str, ...]] = HOSTS, *options: str) -> None:
    """Answer for these names, and refuse all others; the client asks it."""
    answer(lab, "resolver", hosts, *options)
    lab.place("/etc/resolv.conf", f"nameserver {RESOLVER}\n")


def answer(lab: Lab, where: str, hosts: Mapping[str, tuple[str, ...]] = HOSTS, *options: str, port: int = 53) -> None:
    """Answer in any namespace."""
    records = [f"--host-record={name},{address}" for name, addresses in hosts.items() for address in addresses]
    records += [f"--local=/{name}/" for name in hosts]  # of these names it knows that there is nothing else
    keep = ["--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--no-hosts", "--no-resolv", "--user="]
    lab.serve(where, ["dnsmasq", *keep, f"--port={port}", *records, *options], tcp=port, udp=port)


def answering(hosts: Mapping[str, tuple[str, ...]] = HOSTS, *options: str) -> Callable[[Lab], None]:
    """The same, as something to start."""
    return lambda lab: start(lab, hosts, *options)
