"""The forward proxy: squid's refusals, mitmproxy's inspection, and what is no proxy at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import trustme

from tests.lab.network import HOSTS, PROXY
from tests.lab.scenario import Scenario, as_named, rules
from tests.lab.servers import dnsmasq, f5, mitmproxy, nginx, silent, squid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.lab.lab import Lab
    from tests.lab.scenario import Start

THROUGH = ("diagnose", "--for", "nginx-plus", "--timeout", "2", "--proxy", f"http://{PROXY}:{squid.PORT}")
SECURE = (*THROUGH[:-1], f"https://{PROXY}:{squid.PORT}")
AUTH = "auth"
PAGE = "error_page 400 405 =302 https://portal.corp.example/login;"  # what nginx refuses CONNECT with leads there
GATEWAY_ERROR = "error_page 400 405 =502 /;"
HOST = nginx.HOST
REFUSALS = (
    "proxy.auth-required",
    "proxy.auth-wrong",
    "proxy.auth-unsupported",
    "proxy.denied-host",
    "proxy.denied-port",
    "proxy.upstream",
    "proxy.upstream-dns",
    "proxy.upstream-refused",
    "proxy.upstream-timeout",
    "proxy.silent",
    "proxy.not-a-proxy",
    "proxy.portal",
    "proxy.socks",
    "proxy.scheme-wrong",
    "proxy.refused",
    "proxy.timeout",
    "tcp.drop-path",
    "tcp.refused",
    "proxy.inspects",
    "tls.intercepted-untrusted",
)
TO_VENDOR = "tcp dport 443 ip daddr { 3.135.72.139, 3.133.232.50, 52.14.85.249 }"
OTHERS = {name: addresses for name, addresses in HOSTS.items() if name != HOST}
ONLY_V4 = {**HOSTS, HOST: HOSTS[HOST][:3]}


def credentials(lab: Lab, password: str = squid.PASSWORD) -> None:
    """What nms.conf would hold, in a file; the client is nobody, and reads it all the same."""
    lab.write(AUTH, f"{squid.USER}:{password}\n")


def secure(lab: Lab, *, trusted: bool = True) -> None:
    """A proxy that is itself spoken to in TLS, by a certificate of the company's own authority."""
    authority = trustme.CA(organization_name="The Company")
    certificate = authority.issue_cert(PROXY)
    lines = nginx.certify(lab, certificate, "proxy").split()
    squid.start(lab, listen=f"https_port {squid.PORT} tls-cert={lines[1].rstrip(';')} tls-key={lines[3].rstrip(';')}")
    if trusted:
        public = (lab.folder / "f5-ca.pem").read_text(encoding="ascii")
        lab.place(f5.STORE, public + authority.cert_pem.bytes().decode())


def scenario(
    name: str,
    shows: str,
    *start: Start,
    resolver: Start = dnsmasq.start,
    arguments: tuple[str, ...] = THROUGH,
    **more: Mapping[str, str],
) -> Scenario:
    """A scenario of this layer; the direct way is shut, so that nothing goes past the proxy unseen."""
    inject = {"gateway": rules("on", "iifname lan oifname wan drop"), **more.pop("inject", {})}
    return as_named(name, shows, f5.start, resolver, *start, never=REFUSALS, arguments=arguments, inject=inject, **more)


SCENARIOS = (
    scenario("clean.proxy", "everything goes through the proxy", squid.start),
    scenario(
        "clean.proxy.signed-in",
        "the proxy takes the credentials",
        squid.with_sign_in,
        credentials,
        arguments=(*THROUGH, "--proxy-auth", AUTH),
    ),
    scenario("clean.proxy.tls", "the proxy is spoken to in TLS", secure, arguments=SECURE),
    scenario(
        "dns.no-config.proxied",
        "this host resolves nothing, and need not: the proxy does; a warning, no more",
        squid.start,
        lambda lab: lab.place("/etc/resolv.conf", ""),
    ),
    scenario("proxy.auth-required", "the proxy wants credentials, and there are none", squid.with_sign_in),
    scenario(
        "proxy.auth-wrong",
        "the proxy refuses the password",
        squid.with_sign_in,
        lambda lab: credentials(lab, "wrong"),
        arguments=(*THROUGH, "--proxy-auth", AUTH),
    ),
    scenario(
        "proxy.auth-unsupported",
        "the proxy offers NTLM alone",
        lambda lab: squid.with_sign_in(lab, "ntlm"),
    ),
    scenario(
        "proxy.denied-host",
        "the proxy's list denies the vendor",
        squid.deciding("acl vendor dstdomain .nginx.com", "http_access deny vendor"),
    ),
    scenario(
        "proxy.denied-port",
        "the proxy opens tunnels to another port alone",
        squid.deciding("acl safe port 8443", "http_access deny CONNECT !safe"),
    ),
    scenario(
        "proxy.upstream-dns",
        "the proxy's resolver does not know the vendor",
        squid.start,
        resolver=dnsmasq.answering(OTHERS, "--address=/nginx.com/"),
    ),
    scenario(
        "proxy.upstream-refused",
        "a firewall behind the proxy rejects",
        squid.start,
        resolver=dnsmasq.answering(ONLY_V4),
        inject={"proxy": rules("out", f"{TO_VENDOR} reject with tcp reset")},
    ),
    scenario(
        "proxy.upstream",
        "the proxy answers that it cannot get there, and not why",
        lambda lab: nginx.serve(lab, GATEWAY_ERROR, where="proxy", port=squid.PORT),
    ),
    scenario(
        "proxy.upstream-timeout",
        "a firewall behind the proxy drops, and the proxy says so",
        squid.start,
        resolver=dnsmasq.answering(ONLY_V4),
        inject={"proxy": rules("out", f"{TO_VENDOR} drop")},
    ),
    scenario(
        "proxy.upstream-timeout.patient",
        "the same, and the proxy waits longer than we do",
        squid.deciding(patience=60),
        resolver=dnsmasq.answering(ONLY_V4),
        inject={"proxy": rules("out", f"{TO_VENDOR} drop")},
    ),
    scenario("proxy.refused", "no proxy serves there"),
    scenario(
        "proxy.timeout",
        "a firewall drops what goes to the proxy",
        squid.start,
        inject={"proxy": rules("in", "tcp dport 3128 drop")},
    ),
    scenario(
        "proxy.unresolvable",
        "the proxy's name does not exist",
        resolver=dnsmasq.answering(HOSTS, "--address=/corp.example/"),
        arguments=(*THROUGH[:-1], "http://proxy.corp.example:3128"),
    ),
    scenario(
        "proxy.not-a-proxy",
        "a web server stands there",
        lambda lab: nginx.serve(lab, where="proxy", port=squid.PORT),
    ),
    scenario(
        "proxy.portal",
        "the access network answers for the proxy, and wants somebody to sign in at a page",
        lambda lab: nginx.serve(lab, PAGE, where="proxy", port=squid.PORT),
    ),
    scenario("proxy.socks", "a proxy of another kind stands there", mitmproxy.socks),
    scenario(
        "proxy.silent",
        "the proxy takes every CONNECT and never answers",
        lambda lab: silent.start("proxy", "hold", lab, squid.PORT),
    ),
    scenario(
        "proxy.silent.nobody-else",
        "the proxy waits for the vendor alone, and may be asked for nobody else",
        squid.deciding(patience=60),
        resolver=dnsmasq.answering(ONLY_V4),
        arguments=(*THROUGH, "--control", "none"),
        inject={"proxy": rules("out", f"{TO_VENDOR} drop")},
    ),
    scenario("proxy.scheme-wrong", "the proxy wants TLS, and is spoken to without", secure),
    scenario(
        "proxy.scheme-wrong.https",
        "the proxy wants no TLS, and is spoken to in it",
        squid.start,
        arguments=SECURE,
    ),
    scenario(
        "proxy.own-cert-untrusted",
        "the proxy's own authority is not trusted here",
        lambda lab: secure(lab, trusted=False),
        arguments=SECURE,
    ),
    scenario(
        "proxy.tunnel-then-reset",
        "a filter by name behind the proxy",
        squid.start,
        inject={
            "proxy": "\n".join(
                f"{tables} -A OUTPUT -p tcp --dport 443 -m string --algo bm --string {HOST} "
                "-j REJECT --reject-with tcp-reset"
                for tables in ("iptables-legacy", "ip6tables-legacy")
            )
        },
    ),
)
