"""What ends TLS in the cloud, agrees to HTTP/2, and hands on to a web server that speaks HTTP/1.1.

`manner` is "forward", or "close": then it hangs up on whoever it agreed with.
"""

from __future__ import annotations

import socket
import ssl
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Callable

import trustme

from tests.lab.servers import nginx

if TYPE_CHECKING:
    from tests.lab.lab import Lab

BEHIND = 8080
MODULE = "tests.lab.servers.offloader"


def handing_on(manner: str) -> Callable[[Lab], None]:
    """Stand on port 443 of the vendor's addresses, before a web server."""

    def start(lab: Lab) -> None:
        authority = trustme.CA(organization_name="Public Authority")
        nginx.trust(lab, authority)
        nginx.certify(lab, authority.issue_cert(nginx.HOST))
        nginx.serve(lab, port=BEHIND)
        lab.serve("cloud", [sys.executable, "-m", MODULE, manner, f"{lab.folder}/server"], tcp=443)

    return start


def serve(manner: str, certificate: str) -> None:
    """Take connections until the process is ended."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{certificate}.pem", f"{certificate}.key")
    context.set_alpn_protocols(["h2", "http/1.1"])
    with socket.create_server(("::", 443), family=socket.AF_INET6, backlog=256, dualstack_ipv6=True) as listener:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=_take, args=(connection, context, manner), daemon=True).start()


def _take(connection: socket.socket, context: ssl.SSLContext, manner: str) -> None:
    with suppress(OSError), context.wrap_socket(connection, server_side=True) as secure:
        if manner == "close" and secure.selected_alpn_protocol() == "h2":
            return
        with socket.create_connection(("127.0.0.1", BEHIND)) as behind:
            behind.sendall(secure.recv(65536))
            while data := behind.recv(65536):
                secure.sendall(data)


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2])
