"""unbound: the company's resolver, validating and forwarding to a public one in the cloud, as it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.network import RESOLVER
from tests.lab.servers import dnsmasq

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.lab.lab import Lab

PUBLIC = "192.0.2.53"
CONFIGURATION = """
server:
    do-daemonize: no
    username: ""
    chroot: ""
    pidfile: ""
    directory: "{folder}"
    use-syslog: no
    interface: 0.0.0.0
    interface: ::0
    access-control: 0.0.0.0/0 allow
    access-control: ::0/0 allow
    module-config: "validator iterator"
    do-not-query-localhost: no
    ede: yes
    {lines}
remote-control:
    control-enable: no
forward-zone:
    name: "."
    forward-addr: {forwarder}
"""


def start(lab: Lab, *lines: str) -> None:
    """Answer as these lines of `server:` say; the public resolver in the cloud knows the vendor's names."""
    dnsmasq.answer(lab, "cloud")
    configure(lab, *lines)


def configure(lab: Lab, *lines: str) -> None:
    """Answer as these lines of `server:` say, whatever serves at the public resolver's address."""
    text = CONFIGURATION.format(folder=lab.folder, lines="\n    ".join(lines), forwarder=PUBLIC)
    path = lab.write("unbound.conf", text)
    lab.serve("resolver", ["unbound", "-d", "-p", "-c", str(path)], tcp=53, udp=53)
    lab.place("/etc/resolv.conf", f"nameserver {RESOLVER}\n")


def resolving(*lines: str) -> Callable[[Lab], None]:
    """The same, as something to start."""
    return lambda lab: start(lab, *lines)
