"""Ways that the probe does not go by itself: a longer ClientHello, HTTP/2, the names of products."""

from __future__ import annotations

from tests.lab.scenario import Scenario, as_named
from tests.lab.scenarios.http import ANSWERS, PROBE, answers
from tests.lab.scenarios.tls import gateway, scenario, served
from tests.lab.servers import dnsmasq, f5, offloader

LONG = "nft add rule inet lab on tcp dport 443 @ih,0,8 22 @ih,24,16 gt 1400"  # a ClientHello's record, by its length
SPLIT = ("tls.pq-hello-split", "mtu.blackhole-out", "upload.stalled", "http.disconnect")
MULTIPLEXED = ("tls.alpn-h2-broken", "http.disconnect", "http.status", "tls.pq-hello-split")

SCENARIOS: tuple[Scenario, ...] = (
    scenario(
        "tls.pq-hello-split",
        "a firewall swallows a ClientHello that does not fit into one segment",
        f5.start,
        never=SPLIT,
        inject=gateway(f"{LONG} drop"),
    ),
    scenario(
        "tls.pq-hello-split.reset",
        "a firewall resets a ClientHello that does not fit into one segment",
        f5.start,
        never=SPLIT,
        inject=gateway(f"{LONG} reject with tcp reset"),
    ),
    scenario(
        "tls.alpn-h2-broken",
        "what ends TLS agrees to HTTP/2, and hands it to a server that speaks HTTP/1.1",
        offloader.handing_on("forward"),
        never=MULTIPLEXED,
    ),
    scenario(
        "tls.alpn-h2-broken.close",
        "what ends TLS agrees to HTTP/2, and hangs up",
        offloader.handing_on("close"),
        never=MULTIPLEXED,
    ),
    scenario("clean.http-2", "the server speaks HTTP/2, and well", served(speaks="http2")),
    scenario("clean.http-1.1", "the server speaks HTTP/1.1, and agrees to nothing else", served()),
    as_named(
        "http.ua-filtered",
        "a filter lets browsers by and this tool, and refuses clients in Go",
        answers("if ($http_user_agent ~ ^Go-http-client) { return 403; } return 200 '{}';"),
        dnsmasq.start,
        never=ANSWERS,
        arguments=PROBE,
    ),
    as_named(
        "http.ua-filtered.curl",
        "a filter hangs up on curl",
        answers("if ($http_user_agent ~ ^curl) { return 444; } return 404;"),
        dnsmasq.start,
        never=ANSWERS,
        arguments=PROBE,
    ),
    as_named(
        "http.tool-filtered",
        "a filter does not know this tool, and shows it its page",
        answers(
            "default_type text/html; if ($http_user_agent ~ ^nimnetcheck) "
            "{ return 403 '<html>FortiGuard Web Filtering</html>'; } return 200 '{}';"
        ),
        dnsmasq.start,
        never=ANSWERS,
        arguments=PROBE,
    ),
    as_named(
        "http.tool-filtered.without-a-page",
        "a filter does not know this tool, and refuses it without a page",
        answers("if ($http_user_agent ~ ^nimnetcheck) { return 403; } return 200 '{}';"),
        dnsmasq.start,
        never=ANSWERS,
        arguments=PROBE,
    ),
    as_named(
        "clean.forbidden",
        "the vendor's own front end answers 403 to whoever comes without a licence",
        answers("return 403;"),
        dnsmasq.start,
        never=ANSWERS,
        arguments=PROBE,
    ),
)
