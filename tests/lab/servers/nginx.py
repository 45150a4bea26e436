"""nginx in the cloud, in the vendor's place or in somebody else's: certificates and TLS as they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.probe.trust import Trust
from tests.lab.servers.f5 import STORE

if TYPE_CHECKING:
    import trustme

    from tests.lab.lab import Lab

HOST = "product.connect.nginx.com"
CONFIGURATION = """
daemon off;
pid {folder}/nginx-{port}.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxied;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen [::]:{port} ipv6only=off {ssl};
        {lines}
        location / {{ return 200 "{{}}"; }}
    }}
    {more}
}}
"""


def serve(  # noqa: PLR0913 (each of them is one thing that scenarios differ in)
    lab: Lab, lines: str = "", *, where: str = "cloud", port: int = 443, more: str = "", speaks: str = ""
) -> None:
    """Serve on every address, with these lines in the server's block, in TLS where they name a certificate."""
    ssl = f"ssl {speaks}" if "ssl_" in lines else ""
    lab.folder.chmod(0o777)
    text = CONFIGURATION.format(folder=lab.folder, port=port, ssl=ssl, lines=lines, more=more)
    path = lab.write(f"nginx-{port}.conf", text)
    lab.serve(where, ["nginx", "-e", "stderr", "-c", str(path), "-p", str(lab.folder)], tcp=port)


def certify(lab: Lab, certificate: trustme.LeafCert, name: str = "server", *, whole: bool = True) -> str:
    """The lines that name a certificate, with or without the intermediates that lead to its root."""
    pems = certificate.cert_chain_pems if whole else certificate.cert_chain_pems[:1]
    chain = lab.write(f"{name}.pem", "".join(pem.bytes().decode() for pem in pems))
    key = lab.write(f"{name}.key", certificate.private_key_pem.bytes().decode())
    return f"ssl_certificate {chain}; ssl_certificate_key {key};"


def trust(lab: Lab, *authorities: trustme.CA) -> None:
    """The client trusts these, and they stand among the public ones."""
    text = "".join(authority.cert_pem.bytes().decode() for authority in authorities)
    lab.place(STORE, text)
    lab.place(str(Trust().public_store), text)
