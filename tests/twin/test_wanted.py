"""The flows that a profile needs."""

from __future__ import annotations

from ipaddress import ip_address

from nimnetcheck.catalogue import load
from nimnetcheck.probe import Options, Proxy
from nimnetcheck.twin.wanted import Unknown, Wanted, flows_of, resolvers

CATALOGUE = load()


def flows(profile: str, **addresses: str) -> dict[str, list[str]]:
    names = {name.replace("_", "."): (ip_address(text),) for name, text in addresses.items()}
    found: dict[str, list[str]] = {}
    for one in flows_of(CATALOGUE.endpoints_for([profile]), names):
        found.setdefault(one.subject, []).append(str(one.flow) if isinstance(one, Wanted) else one.because)
    return found


def test_every_address_of_the_range_and_every_published_one() -> None:
    found = flows("nim-2.22")
    assert len(found["telemetry-range"]) == 128
    assert {"tcp:3.135.72.139:443", "tcp:3.133.232.50:443", "tcp:52.14.85.249:443"} <= set(found["usage"])


def test_a_long_prefix_is_judged_at_its_two_ends() -> None:
    v6 = [text for text in flows("nim-2.22")["usage"] if "[" in text]
    assert v6 == ["tcp:[2600:1f16:19c8:d400::]:443", "tcp:[2600:1f16:19c8:d403:ffff:ffff:ffff:ffff]:443"]


def test_a_name_without_a_known_address_is_unknown_and_says_what_to_do() -> None:
    assert flows("nim-2.21")["teem"] == [
        "no address of product.apis.f5.com is known: --resolve product.apis.f5.com:443:ADDRESS gives one"
    ]
    assert flows("nim-2.21", product_apis_f5_com="192.0.2.7")["teem"] == ["tcp:192.0.2.7:443"]


def proxied(host: str, *exempt: str) -> dict[str, list[Wanted | Unknown]]:
    options = Options(proxy=Proxy(host=host, port=3128), exempt=frozenset(exempt))
    found: dict[str, list[Wanted | Unknown]] = {}
    for one in flows_of(CATALOGUE.endpoints_for(["nim-2.22"]), {}, options):
        found.setdefault(one.subject, []).append(one)
    return found


def test_a_proxy_stands_for_the_names_and_for_no_range() -> None:
    found = proxied("192.0.2.8")
    assert [str(one.flow) for one in found.pop("proxy") if isinstance(one, Wanted)] == ["tcp:192.0.2.8:3128"]
    assert {subject: len(seen) for subject, seen in found.items()} == {"telemetry-range": 128}


def test_what_no_proxy_names_goes_directly() -> None:
    assert len(proxied("192.0.2.8", "product.connect.nginx.com")["usage"]) > 1
    assert "usage" not in proxied("192.0.2.8", "f5.example")


def test_a_proxy_without_a_known_address_is_unknown() -> None:
    (unknown,) = proxied("proxy.example")["proxy"]
    assert isinstance(unknown, Unknown)
    assert unknown.because.startswith("no address of proxy.example is known")


def test_a_resolver_is_asked_both_ways() -> None:
    asked = [str(one.flow) for one in resolvers([(ip_address("192.0.2.53"), 53)])]
    assert asked == ["udp:192.0.2.53:53", "tcp:192.0.2.53:53"]
