"""How the hosts of a submission are trusted and reached: a NIM's anchor, and what a forward proxy is good for.

Which proxy that is, the site package decides, for every command. A NIM is on this side of the proxy: its password goes
to it directly, always.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from nimnetcheck.errors import InputError
from nimnetcheck.site.proxy_setting import bypasses

if TYPE_CHECKING:
    from pathlib import Path

    from nimnetcheck.site.proxy_setting import ProxySetting

SPOKEN = "http"
OTHER_SCHEME = "a submission speaks to a proxy in plain HTTP (http://…) alone"


@attrs.frozen(kw_only=True)
class Anchor:
    """What a host is trusted by: this certificate (SHA-256 of its DER, in hex), these authorities, or the World's."""

    sha256: str = ""
    ca_file: Path | None = None


def usable(setting: ProxySetting | None) -> ProxySetting | None:
    """The proxy that is set, unless it is not as meant: then it raises InputError, and usage goes no other way."""
    if setting is None:
        return None
    wrong = setting.objections or ((OTHER_SCHEME,) if setting.scheme != SPOKEN else ())
    if wrong:
        way_out = "correct it there, or give --proxy http://HOST:PORT or --proxy none"
        raise InputError(f"proxy of {setting.holder} ({setting.source}): {wrong[0]}; {way_out}")
    return setting


def proxy_for(setting: ProxySetting | None, host: str, port: int) -> ProxySetting | None:
    """The proxy that leads to that host; None where NO_PROXY exempts it."""
    return None if setting is None or bypasses(setting.no_proxy, host, port) else setting
