"""nms.conf: in which mode NIM runs, where it sends usage, and through which forward proxy.

Keys as documented for NIM 2.19 (`proxy_config`) and 2.22 (`integrations.telemetry`); the file is YAML. What is not
written there has NIM's default. Credentials stay out of every repr.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from nimnetcheck.paths import NMS_CONF
from nimnetcheck.site import text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

API_URL = "https://product.connect.nginx.com/api"
MODES = ("connected", "disconnected")
PROTOCOLS = ("http", "https")
MAX_PORT = 65535


@attrs.frozen(kw_only=True)
class ForwardProxy:
    """The section `proxy_config`; `objections` are why NIM cannot use it."""

    enabled: bool
    host: str = ""
    port: int = 0
    protocol: str = "http"
    auth_required: bool = False
    username: str = attrs.field(default="", repr=False)
    password: str = attrs.field(default="", repr=False)
    ssl_verify: bool = True
    objections: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class NmsConf:
    """What nms.conf says; `problem` is why it could not be read, and then the rest is NIM's defaults."""

    path: Path
    problem: str = ""
    mode: str = "connected"
    api_url: str = API_URL
    proxy: ForwardProxy | None = None
    objections: tuple[str, ...] = ()


def read(path: Path = NMS_CONF) -> NmsConf | None:
    """Read nms.conf; None where there is none."""
    try:
        content, problem = text.read(path)
    except FileNotFoundError:
        return None
    if problem:
        return NmsConf(path=path, problem=problem)
    return parse(content, path)


def parse(content: str, path: Path = NMS_CONF) -> NmsConf:
    """What the text of an nms.conf says; pure."""
    import yaml  # noqa: PLC0415 (only hosts with a NIM need it)

    try:
        document = yaml.load(content, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 (both are safe)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        return NmsConf(path=path, problem=f"{path}{where}: not YAML")
    settings = _section(document)
    integrations = _section(settings.get("integrations"))
    mode = str(_section(integrations.get("license")).get("mode_of_operation", MODES[0])).lower()
    proxy = settings.get("proxy_config")
    found = [f"mode_of_operation is neither {' nor '.join(MODES)}"] if mode not in MODES else []
    if "proxy_config" not in settings:
        found += [f"proxy_config stands under {key}, where NIM does not look" for key in _misplaced(settings)]
    return NmsConf(
        path=path,
        mode=mode,
        api_url=str(_section(integrations.get("telemetry")).get("nc_api_url", API_URL)),
        proxy=_proxy(_section(proxy)) if "proxy_config" in settings else None,
        objections=tuple(found),
    )


def _section(value: object) -> Mapping[str, object]:
    return {str(key): item for key, item in value.items()} if isinstance(value, dict) else {}


def _misplaced(settings: Mapping[str, object]) -> list[str]:
    return [key for key, value in settings.items() if isinstance(value, dict) and "proxy_config" in value]


def _proxy(section: Mapping[str, object]) -> ForwardProxy:
    enabled = _true(section.get("proxy_enable", False))
    host, port = str(section.get("proxy_host") or ""), _port(section.get("proxy_port"))
    protocol = str(section.get("proxy_protocol") or "").lower()
    auth = _true(section.get("proxy_auth_required", False))
    username, password = (str(section.get(key) or "") for key in ("proxy_username", "proxy_password"))
    wrong = {
        "proxy_host is missing": not host,
        "proxy_host holds a scheme or a port": "/" in host or host.count(":") == 1,
        "proxy_port is not a port": not port,
        f"proxy_protocol is neither {' nor '.join(PROTOCOLS)}": protocol not in PROTOCOLS,
        "proxy_auth_required without proxy_username and proxy_password": auth and not (username and password),
        "proxy_username without proxy_auth_required: true": bool(username) and not auth,
    }
    return ForwardProxy(
        enabled=enabled,
        host=host,
        port=port,
        protocol=protocol or PROTOCOLS[0],
        auth_required=auth,
        username=username,
        password=password,
        ssl_verify=_true(section.get("proxy_ssl_verify", True)),
        objections=tuple(words for words, is_so in wrong.items() if is_so) if enabled else (),
    )


def _true(value: object) -> bool:
    return str(value).strip().lower() == "true"


def _port(value: object) -> int:
    """The port, or 0 where it is none."""
    words = str(value).strip()
    return int(words) if words.isascii() and words.isdigit() and 0 < int(words[:6]) <= MAX_PORT else 0
