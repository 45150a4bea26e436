"""A run of a site with names, addresses and secrets, as a bundle is made of it."""

from __future__ import annotations

from datetime import datetime, timezone
from ipaddress import ip_address, ip_network

from nimnetcheck.bundle.make import Material
from nimnetcheck.model import Failure, Observation, Outcome, Rung, Setting, Target
from nimnetcheck.run import Run
from nimnetcheck.twin.capture.parts import Facts
from nimnetcheck.twin.capture.value import Source

KEY = b"k" * 32
KEEP = (ip_network("159.60.126.0/25"), ip_network("3.135.72.139/32"))
NFT = """table inet filter {
\tset proxies {
\t\ttype ipv4_addr
\t\tflags interval
\t\telements = { 10.20.31.0/24, 10.20.40.5-10.20.40.77 }
\t}
\tchain output {
\t\ttype filter hook output priority filter; policy drop;
\t\tip daddr @proxies tcp dport 3128 accept
\t\tip daddr 159.60.126.0/26 tcp dport 443 accept comment "ticket 7 of jane@bank.de, password: Pl4nted"
\t\tip daddr 10.20.53.53 udp dport 53 accept
\t}
}
"""
RUN = Run(
    command="diagnose",
    settings=(Setting(key="nms-config", value="/home/jane/nms.conf", source="flag"),),
    run_id="0123456789ab",
    started_at=datetime(2026, 11, 25, 3, 0, tzinfo=timezone.utc),
    host="nim01.corp.bank.de",
    duration_s=1.5,
)
SEEN = (
    Observation(
        subject="usage",
        rung=Rung.TCP,
        title="TCP 3.135.72.139:443",
        outcome=Outcome.FAILED,
        failure=Failure.ADMIN_PROHIBITED,
        detail="No route to host (ICMP 3/13 from 10.20.0.1)",
        target=Target(address=ip_address("3.135.72.139"), port=443, host="product.connect.nginx.com"),
        evidence={"icmp": {"version": 4, "type": 3, "code": 13, "sender": "10.20.0.1"}},
    ),
)
TEXTS = {
    "nms.conf": "proxy_config:\n  proxy_host: proxy.corp.bank.de\n  proxy_password: Pl4nted\n",
    "nms.log": "[NC-POST] Bearer Pl4ntedTokenValue refused by 10.20.31.31\nnim01 said hello to Pl4nted\n",
}
MATERIAL = Material(
    run=RUN,
    observations=SEEN,
    notes=("from nim01",),
    texts=TEXTS,
    firewall={"nft.txt": Source(file="nft.txt", text=NFT)},
    facts=Facts(host="nim01.corp.bank.de"),
    secrets=("Pl4nted",),
)
SITES_OWN = ("nim01", "bank.de", "jane", "10.20.", "Pl4nted")
