"""`simulate` on a site of one's own goes the way that every command goes, the product's; NIM is asked directly."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from nimnetcheck.cli.simulate import command
from nimnetcheck.emulator import running
from nimnetcheck.errors import InputError
from tests.cli.test_own_site import BATCH, There

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nimnetcheck.emulator.proxy import Forward

VENDOR = "product.connect.nginx.com"


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[There]:
    """A site, on a host whose shell knows no proxy."""
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with running(nim_version="2.22.0") as vendor:
        monkeypatch.setenv("SSL_CERT_FILE", str(vendor.world.ca_file))
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
        monkeypatch.chdir(tmp_path)
        yield There(vendor, "2.22.0", tmp_path)


def nms_conf(folder: Path, proxy: Forward | None) -> str:
    """The option that names an nms.conf with that proxy, or without one."""
    lines = ("proxy_enable: true", f"proxy_host: {proxy.host}", f"proxy_port: {proxy.port}") if proxy else ()
    section = "".join(f"  {line}\n" for line in (*lines, "proxy_protocol: http"))
    path = folder / "nms.conf"
    path.write_text(f"proxy_config:\n{section}" if proxy else "{}")
    return f"--nms-config={path}"


def look(there: There, *more: str, port: int = 443) -> tuple[int, dict[str, Any]]:
    """Tunnels lead to 443 alone, where nothing answers but through a proxy; the site's own port answers directly."""
    arguments = [one for one in there.named if not one.startswith(("--proxy", "--endpoint"))]
    endpoint = [f"--endpoint-url=https://{VENDOR}:{port}{BATCH}", f"--resolve={VENDOR}:443:127.0.0.1"]
    result = CliRunner().invoke(command, [*arguments, *endpoint, *more, "-o", "json"], catch_exceptions=False)
    return result.exit_code, json.loads(result.stdout)


def in_force(document: dict[str, Any]) -> tuple[str, str]:
    (found,) = [one for one in document["effective_config"] if one["key"] == "proxy in force"]
    return found["value"], found["source"]


def codes(document: dict[str, Any]) -> list[str]:
    return [one["code"] for one in document["findings"]]


def test_the_proxy_of_nms_conf_leads_to_f5_and_not_to_nim(there: There) -> None:
    proxy = there.vendor.proxy
    code, document = look(there, nms_conf(there.folder, proxy))
    assert (code, codes(document)) == (0, [])
    assert set(proxy.asked) == {f"{VENDOR}:443"}
    assert in_force(document) == (f"http://{proxy.host}:{proxy.port}", str(there.folder / "nms.conf"))


def test_where_nim_goes_directly_the_shell_s_proxy_is_not_used_and_that_is_told(
    there: There, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = there.vendor.proxy
    monkeypatch.setenv("https_proxy", f"http://{proxy.host}:{proxy.port}")
    code, document = look(there, nms_conf(there.folder, None), port=there.port)
    assert (code, codes(document), list(proxy.asked)) == (0, ["proxy.config-drift"], [])
    assert in_force(document)[0] == "none"
    code, document = look(there)  # no nms.conf here: then the shell's counts
    assert (code, codes(document), set(proxy.asked)) == (0, [], {f"{VENDOR}:443"})


def test_an_nms_conf_that_cannot_be_read_is_not_taken_for_none(there: There) -> None:
    broken = there.folder / "nms.conf"
    broken.write_text("proxy_config: [")
    with pytest.raises(
        InputError, match=r"nms\.conf.*: not YAML: NIM's proxy is not known; make it readable"
    ) as refused:
        look(there, f"--nms-config={broken}")
    assert "--proxy none" in str(refused.value)
    assert there.vendor.requests == []
    code, document = look(there, f"--nms-config={broken}", "--proxy=none", port=there.port)
    assert (code, codes(document)) == (0, [])


@pytest.mark.parametrize(
    ("no_proxy", "through"), [("nginx.com", False), ("nginx.com:443", True), ("connect.example", True)]
)
def test_no_proxy_exempts_as_for_the_probes(
    there: There, monkeypatch: pytest.MonkeyPatch, no_proxy: str, *, through: bool
) -> None:
    monkeypatch.setenv("https_proxy", f"http://{there.vendor.proxy.host}:{there.vendor.proxy.port}")
    monkeypatch.setenv("no_proxy", no_proxy)
    look(there, port=there.port)
    assert set(there.vendor.proxy.asked) == ({f"{VENDOR}:{there.port}"} if through else set())


def test_the_credentials_of_a_proxy_come_from_a_file(there: There) -> None:
    proxy, file = there.vendor.guarded_proxy, there.folder / "auth"
    named = f"--proxy=http://{proxy.host}:{proxy.port}"
    code, document = look(there, named)
    assert (code, codes(document)) == (1, ["proxy.auth-required"])
    file.write_text(f"{proxy.username}:{proxy.password}\n", encoding="utf-8")
    code, document = look(there, named, f"--proxy-auth={file}")
    assert (code, codes(document)) == (0, [])
    assert proxy.password not in json.dumps(document)


def test_a_setting_that_cannot_work_ends_it_before_anything_is_asked(
    there: There, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "socks5://me:marked@proxy.corp:1080")
    with pytest.raises(InputError, match="proxy of this shell \\(https_proxy in the environment\\)") as refused:
        look(there)
    assert "marked" not in str(refused.value)
    assert there.vendor.requests == []
