"""Whose product inspects TLS, by the name of its certificate authority: pure.

These are the names that the makers' own authorities carry from the factory; a company may give its own, and then this
table says nothing. Whatever is merely likely is not in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MAKERS: Mapping[str, tuple[str, ...]] = {
    "Zscaler": ("zscaler",),
    "Netskope": ("netskope", "goskope"),
    "Palo Alto Networks": ("palo alto networks", "pan-fw", "paloaltonetworks"),
    "Fortinet": ("fortinet", "fortigate", "fortiguard"),
    "Symantec ProxySG": ("blue coat", "bluecoat", "symantec ssl visibility", "symantec web security"),
    "Skyhigh Web Gateway": ("skyhigh", "mcafee web gateway", "mcafee, inc."),
    "Check Point": ("check point", "checkpoint"),
    "Forcepoint": ("forcepoint", "websense"),
    "Barracuda": ("barracuda",),
    "WatchGuard": ("watchguard",),
    "SonicWall": ("sonicwall",),
    "Sophos": ("sophos", "astaro", "cyberoam"),
    "Cisco": ("cisco umbrella", "cisco secure web", "cisco web security", "ironport", "opendns", "cisco systems"),
    "Cloudflare Gateway": ("gateway ca - cloudflare", "cloudflare gateway"),
    "Trend Micro": ("trend micro", "trendmicro"),
    "iboss": ("iboss",),
    "Juniper": ("juniper networks",),
    "Huawei": ("huawei",),
    "Aruba": ("aruba networks",),
    "Ubiquiti UniFi": ("unifi", "ubiquiti"),
    "Menlo Security": ("menlo security",),
    "F5 SSL Orchestrator": ("f5 ssl orchestrator", "ssl orchestrator", "sslo"),
    "mitmproxy": ("mitmproxy",),
    "Squid": ("squid",),
    "Burp": ("portswigger",),
    "Charles": ("charles proxy",),
    "Fiddler": ("do_not_trust_fiddlerroot", "fiddler"),
    "pfSense": ("pfsense",),
    "OPNsense": ("opnsense",),
    "Kaspersky": ("kaspersky",),
    "ESET": ("eset ssl filter",),
    "Bitdefender": ("bitdefender",),
}


def recognise(issuer: str) -> str | None:
    """The maker of the appliance that issued a certificate, if the issuer's name gives it away."""
    name = issuer.lower()
    return next((maker for maker, marks in MAKERS.items() if any(mark in name for mark in marks)), None)
