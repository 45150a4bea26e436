"""Which proxy counts, and where settings contradict each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nimnetcheck.model import Failure
from nimnetcheck.site import nms_conf, proxies
from nimnetcheck.site.facts import Facts
from nimnetcheck.site.proxies import Proxies, merge, observe
from nimnetcheck.site.proxy_setting import ProxySetting, of_url

if TYPE_CHECKING:
    from collections.abc import Mapping

NIM = "proxy_config:\n  proxy_enable: true\n  proxy_host: proxy.corp\n  proxy_port: 3128\n  proxy_protocol: http\n"
HOSTS = ("product.apis.f5.com",)


def put_together(nms: str | None, shell: str = "", environ: Mapping[str, str] | None = None) -> Proxies:
    facts = Facts(nms=None if nms is None else nms_conf.parse(nms))
    others = [of_url(shell, holder=proxies.SHELL, source="https_proxy")] if shell else []
    return merge(facts, others, environ or {})


def failures(found: Proxies) -> list[Failure | None]:
    return [one.failure for one in observe(found, HOSTS)]


@pytest.mark.parametrize(
    ("nms", "shell", "in_force", "drift"),
    [
        (None, "", None, False),
        (None, "http://proxy.corp:3128", "http://proxy.corp:3128", False),
        (NIM, "", "http://proxy.corp:3128", False),
        (NIM, "http://proxy.corp:3128", "http://proxy.corp:3128", False),
        (NIM, "http://other.corp:3128", "http://proxy.corp:3128", True),
        ("{}", "http://proxy.corp:3128", None, True),
    ],
    ids=["nothing", "shell alone", "NIM alone", "both alike", "both differ", "NIM goes direct"],
)
def test_the_product_s_own_counts(nms: str | None, shell: str, in_force: str | None, *, drift: bool) -> None:
    found = put_together(nms, shell)
    assert (found.in_force.url if found.in_force else None) == in_force
    assert (Failure.PROXY_CONFIG_DRIFT in failures(found)) is drift


def test_upper_and_lower_case_that_differ() -> None:
    clash = {"https_proxy": "http://a:1", "HTTPS_PROXY": "http://b:2"}
    assert failures(put_together(None, "http://a:1", clash)) == [Failure.PROXY_CONFIG_DRIFT]
    assert failures(put_together(None, "http://a:1", {**clash, "HTTPS_PROXY": "http://a:1"})) == []


def test_a_setting_that_cannot_work_fails_only_where_it_counts() -> None:
    (broken,) = observe(put_together(None, "http://proxy.corp"), HOSTS)
    assert (broken.failure, broken.required) == (Failure.PROXY_BAD_URL, True)
    assert observe(put_together(NIM.replace("3128", "none")), HOSTS) == ()  # told with the file
    unused = ProxySetting(holder="unit x", source="x", objections=("it is not a URL",))
    facts = Facts(nms=nms_conf.parse(NIM))
    assert [one.required for one in observe(merge(facts, [unused], {}), HOSTS) if one.failure is broken.failure] == [
        False
    ]


@pytest.mark.parametrize(
    ("environ", "source"),
    [
        ({"https_proxy": "http://p:1", "HTTPS_PROXY": "http://q:2"}, "https_proxy in the environment"),
        ({"https_proxy": "", "HTTPS_PROXY": "http://q:2"}, "HTTPS_PROXY in the environment"),
        ({"http_proxy": "http://p:1", "ALL_PROXY": "http://q:2", "all_proxy": "http://r:3"}, None),
    ],
)
def test_of_a_shell_s_variables_those_for_https_count(environ: Mapping[str, str], source: str | None) -> None:
    sources = [one.source for one in proxies.read(Facts(), environ).known if one.holder == proxies.SHELL]
    assert sources == ([source] if source else [])


def test_everything_is_read_from_this_host() -> None:
    found = proxies.read(Facts(), {"https_proxy": "http://user:s3cr3t@proxy.corp:3128", "no_proxy": "f5.com"})
    assert [one.url for one in found.known if one.holder == proxies.SHELL] == ["http://proxy.corp:3128"]
    assert Failure.PROXY_NO_PROXY_SURPRISE in failures(found)
    assert "s3cr3t" not in repr((found, observe(found, HOSTS), found.settings))
