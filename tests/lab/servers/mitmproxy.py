"""mitmproxy: the appliance that inspects TLS, in the way of everything or as the company's forward proxy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.servers.f5 import STORE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.lab.lab import Lab

PORT = 8080
REDIRECT = (
    "nft add table inet inspect; "
    "nft add chain inet inspect pre '{ type nat hook prerouting priority -100; }'; "
    "nft add rule inet inspect pre iifname { lan, dmz } tcp dport 443 redirect to :8080"
)


def transparent(lab: Lab, *settings: str, trusted: bool = False) -> None:
    """Inspect what the gateway forwards to port 443; the client trusts its authority, or it does not."""
    _serve(lab, "gateway", "transparent", PORT, *settings)
    lab.shell("gateway", REDIRECT)
    if trusted:
        trust(lab)


def forward(lab: Lab, *, trusted: bool = False, port: int = 3128) -> None:
    """Be the forward proxy, and inspect what goes through its tunnels."""
    _serve(lab, "proxy", "regular", port)
    if trusted:
        trust(lab)


def socks(lab: Lab, port: int = 3128) -> None:
    """Speak SOCKS where a forward proxy is expected."""
    _serve(lab, "proxy", "socks5", port)


def trust(lab: Lab) -> None:
    """The company has installed the inspector's authority on the client, beside the public ones."""
    public = (lab.folder / "f5-ca.pem").read_text(encoding="ascii")
    lab.place(STORE, public + _authority(lab).read_text(encoding="ascii"))


def _authority(lab: Lab) -> Path:
    return lab.folder / "inspector" / "mitmproxy-ca-cert.pem"


def _serve(lab: Lab, where: str, mode: str, port: int, *more: str) -> None:
    folder = lab.folder / "inspector"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    lab.folder.chmod(0o777)
    settings = (f"confdir={folder}", "ssl_insecure=true", "flow_detail=0", "connection_strategy=lazy", *more)
    named = [word for setting in settings for word in ("--set", setting)]
    lab.serve(where, ["mitmdump", "--mode", mode, "--listen-port", str(port), "-q", *named], tcp=port)
    while not _authority(lab).exists():
        lab.wait()
