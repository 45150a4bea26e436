"""squid: the company's forward proxy, with its access lists and sign-in as they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from tests.lab import network

if TYPE_CHECKING:
    from tests.lab.lab import Lab

PORT = 3128
USER, PASSWORD = "nim", "s3cr3t"
HELPERS = "/usr/lib/squid"
CONFIGURATION = """
{listen}
visible_hostname proxy.corp.example
pid_filename none
coredump_dir {folder}
cache_log {folder}/squid.log
access_log none
netdb_filename none
cache deny all
pinger_enable off
shutdown_lifetime 0 seconds
connect_timeout {patience} seconds
forward_timeout {patience} seconds
dns_timeout 2 seconds
hosts_file none
dns_nameservers {resolver}
{lines}
http_access {otherwise} all
"""


def start(
    lab: Lab, *lines: str, otherwise: str = "allow", listen: str = f"http_port {PORT}", patience: int = 1
) -> None:
    """Serve on port 3128; `lines` come before the last rule, which allows or denies the rest."""
    network.run(["mount", "-t", "tmpfs", "-o", "mode=1777", "tmpfs", "/dev/shm"])  # noqa: S108 (the laboratory's own)
    lab.folder.chmod(0o777)
    text = CONFIGURATION.format(
        listen=listen,
        folder=lab.folder,
        resolver=network.RESOLVER,
        patience=patience,
        lines="\n".join(lines),
        otherwise=otherwise,
    )
    path = lab.write("squid.conf", text)
    lab.serve("proxy", ["squid", "-N", "-f", str(path)], tcp=PORT)


def deciding(*lines: str, otherwise: str = "allow", patience: int = 1) -> Callable[[Lab], None]:
    """The same, as something to start."""
    return lambda lab: start(lab, *lines, otherwise=otherwise, patience=patience)


def with_sign_in(lab: Lab, *schemes: str) -> None:
    """Nobody passes without signing in: by user and password, or only by other schemes."""
    hashed = network.run(["openssl", "passwd", "-apr1", PASSWORD]).strip()
    users = lab.write("users", f"{USER}:{hashed}\n")
    programs = {
        "basic": f"auth_param basic program {HELPERS}/basic_ncsa_auth {users}",
        "ntlm": f"auth_param ntlm program {HELPERS}/ntlm_fake_auth",
    }
    offered = (programs[scheme] for scheme in schemes or ("basic",))
    start(lab, *offered, "acl known proxy_auth REQUIRED", "http_access allow known", otherwise="deny")
