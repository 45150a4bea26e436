"""One setting of a forward proxy: whose it is, where it stands, and what is wrong with it; pure.

Credentials are in no repr, no URL that is shown, and no objection.
"""

from __future__ import annotations

import base64
import re
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import attrs

from nimnetcheck.addresses import MAX_PORT
from nimnetcheck.catalogue import is_host_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nimnetcheck.site.nginx_conf import Mgmt
    from nimnetcheck.site.nms_conf import NmsConf

PORTS: Mapping[str, int] = {"http": 80, "https": 443}  # what a URL without a port means to curl and to Go
MAX_ENTRIES = 200


@attrs.frozen(kw_only=True)
class ProxySetting:
    """A proxy as somebody on this host is told to use it; `objections` are why it cannot be used, or not as meant."""

    holder: str
    source: str
    host: str = ""
    port: int = 0
    scheme: str = "http"
    verify: bool = True
    username: str = attrs.field(default="", repr=False)
    password: str = attrs.field(default="", repr=False)
    no_proxy: tuple[str, ...] = ()
    objections: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """What can be shown: no credentials; "none" where it leads nowhere."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}" if self.host and self.port else "none"

    @property
    def authorization(self) -> str:
        """The header that sends the credentials; empty where there are none. Never shown."""
        if not self.username:
            return ""
        return "Basic " + base64.b64encode(f"{self.username}:{self.password}".encode()).decode("ascii")


def of_nms(conf: NmsConf | None) -> ProxySetting | None:
    """What `proxy_config` of nms.conf says; None where there is none, or it is switched off."""
    if conf is None or conf.problem or conf.proxy is None or not conf.proxy.enabled:
        return None
    proxy = conf.proxy
    return ProxySetting(
        holder="NIM",
        source=str(conf.path),
        host=proxy.host,
        port=proxy.port,
        scheme=proxy.protocol,
        verify=proxy.ssl_verify,
        username=proxy.username if proxy.auth_required else "",
        password=proxy.password if proxy.auth_required else "",
        objections=proxy.objections,
    )


def of_mgmt(mgmt: Mgmt | None) -> ProxySetting | None:
    """What `proxy` in the mgmt block of nginx.conf says: HOST[:PORT], spoken to in clear text."""
    if mgmt is None or mgmt.problem or not mgmt.proxy:
        return None
    setting = of_url(mgmt.proxy, holder="NGINX Plus", source=str(mgmt.path))
    scheme = ("mgmt's proxy takes HOST:PORT, and no scheme",) if "://" in mgmt.proxy else ()
    return attrs.evolve(
        setting,
        username=mgmt.proxy_username,
        password=mgmt.proxy_password,
        objections=(*setting.objections, *scheme),
    )


def of_url(text: str, *, holder: str, source: str, no_proxy: str = "") -> ProxySetting:
    """What a URL says, as curl and Go read one: a missing scheme means http."""
    wrong: list[str] = []
    if text.count("@") > 1 or "#" in text:
        wrong.append("an @ or # in user or password must be written as %40 or %23")
    try:
        parts = urlsplit(text.strip() if "://" in text else f"http://{text.strip()}")
        host, port, username, password = parts.hostname or "", parts.port, parts.username, parts.password
    except ValueError:
        return ProxySetting(holder=holder, source=source, objections=(*wrong, "it is not a URL"))
    scheme = parts.scheme.lower()
    if scheme not in PORTS:
        wrong.append("only http and https proxies are spoken to")
    if not is_host_name(host) and not _is_address(host):
        wrong.append("it names no host")
    if port is None:
        wrong.append(f"it names no port, which means {PORTS.get(scheme, 80)}")
    if parts.path not in ("", "/") or parts.query:
        wrong.append("a path behind the port means nothing to a proxy")
    return ProxySetting(
        holder=holder,
        source=source,
        host=host,
        port=port or PORTS.get(scheme, 80),
        scheme=scheme,
        username=unquote(username or ""),
        password=unquote(password or ""),
        no_proxy=entries(no_proxy),
        objections=tuple(wrong),
    )


def entries(text: str) -> tuple[str, ...]:
    """The entries of a NO_PROXY."""
    return tuple(word for word in re.split(r"[,\s]+", text)[:MAX_ENTRIES] if word)


def bypasses(no_proxy: Iterable[str], host: str, port: int) -> bool:
    """Whether a host is reached without the proxy, as Go reads NO_PROXY."""
    host = host.lower().rstrip(".")
    return any(entry == "*" or _covers(entry.lower(), host, port) for entry in no_proxy)


def surprises(setting: ProxySetting, hosts: Iterable[str]) -> tuple[str, ...]:
    """What NO_PROXY does that nobody meant: hosts that it exempts, and entries that programs read differently."""
    found = [
        f"NO_PROXY exempts {host}, which then goes without the proxy"
        for host in hosts
        if bypasses(setting.no_proxy, host, 443)
    ]
    for entry in setting.no_proxy:
        if "://" in entry:
            found.append("NO_PROXY holds a URL, where hosts belong: no program matches it")
        elif entry.startswith("*."):
            found.append("NO_PROXY holds an entry with *. in front: Go strips it, curl matches nothing")
        elif "/" in entry:
            found.append("NO_PROXY holds a prefix: older programs (curl before 7.86) match nothing")
    return tuple(dict.fromkeys(found))


def _covers(entry: str, host: str, port: int) -> bool:
    name, colon, digits = entry.rpartition(":")
    if colon and digits.isdigit() and not name.endswith(":"):
        if int(digits[:6]) > MAX_PORT or int(digits) != port:
            return False
        entry = name
    if _is_address(host):
        try:
            return ip_address(host) in ip_network(entry, strict=False)
        except ValueError:
            return False
    exact, suffix = not entry.startswith((".", "*.")), entry.lstrip("*").lstrip(".")
    return bool(suffix) and ((exact and host == suffix) or host.endswith(f".{suffix}"))


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
