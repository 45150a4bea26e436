"""What this host is configured to do, put together: products, modes, and the profiles that they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from nimnetcheck.catalogue import is_host_name
from nimnetcheck.model import Connector, Endpoint, Setting
from nimnetcheck.paths import NGINX_CONF, NMS_CONF
from nimnetcheck.site import nginx_conf, nms_conf, versions

if TYPE_CHECKING:
    from pathlib import Path

MOVED = (2, 22)  # from here on NIM reports to product.connect.nginx.com
REPORTS = 33  # NGINX Plus reports its own usage from R33 on
NOTHING_INSTALLED = versions.Versions()


@attrs.frozen(kw_only=True)
class Facts:
    """What is installed and how it is configured; None where there is no such thing here."""

    versions: versions.Versions = NOTHING_INSTALLED
    nms: nms_conf.NmsConf | None = None
    mgmt: nginx_conf.Mgmt | None = None

    @property
    def profiles(self) -> tuple[str, ...]:
        """The profiles of what is installed here; none where nothing was found."""
        found = []
        if self.versions.nim:
            found.append("nim-2.22" if self.versions.nim >= MOVED else "nim-2.21")
        if self.versions.nginx_plus and self.reports_directly:
            found.append("nginx-plus")
        return tuple(found)

    @property
    def reports_directly(self) -> bool:
        """Whether NGINX Plus reports to F5 itself, and not to a NIM."""
        endpoint = self.mgmt.endpoint if self.mgmt else nginx_conf.ENDPOINT
        return (self.versions.nginx_plus or 0) >= REPORTS and endpoint.split(":")[0] == nginx_conf.ENDPOINT

    @property
    def relay(self) -> Endpoint | None:
        """The NIM that NGINX Plus reports to in F5's place, as an endpoint; None where it reports to F5 itself."""
        release = self.versions.nginx_plus or 0
        if release < REPORTS or self.reports_directly or self.mgmt is None or self.mgmt.problem:
            return None
        host, _, port = (
            self.mgmt.endpoint.rpartition(":") if ":" in self.mgmt.endpoint else (self.mgmt.endpoint, "", "")
        )
        if not is_host_name(host) or (port and not port.isdecimal()):
            return None
        return Endpoint(
            id="nim",
            host=host.lower(),
            port=int(port or 443),
            connects=(Connector.NGINX_PLUS,),
            versions="NGINX Plus R33 and later",
            purpose="Usage reports, to this site's own NIM",
            source=str(self.mgmt.path),
            ca_file=self.mgmt.trusted_file,
            tls_name=self.mgmt.name if is_host_name(self.mgmt.name) else "",
        )

    @property
    def settings(self) -> tuple[Setting, ...]:
        """What is in force and where it stands; no credentials."""
        found = []
        if self.nms and not self.nms.problem:
            source = str(self.nms.path)
            found += [
                Setting(key="nim.mode_of_operation", value=self.nms.mode, source=source),
                Setting(key="nim.nc_api_url", value=self.nms.api_url, source=source),
            ]
        if self.mgmt and not self.mgmt.problem:
            block = ("usage_report", self.mgmt.endpoint), ("state_path", self.mgmt.state_path)
            more = ("enforce_initial_report", "on" if self.mgmt.enforce_initial_report else "off")
            for name, value in (*block, more):
                source = str(self.mgmt.path) if name in self.mgmt.written else "default"
                found.append(Setting(key=f"nginx.{name}", value=value, source=source))
        return tuple(found)


def read(nms_path: Path = NMS_CONF, nginx_path: Path = NGINX_CONF) -> Facts:
    """Read what this host has; sends nothing."""
    return Facts(versions=versions.read(), nms=nms_conf.read(nms_path), mgmt=nginx_conf.read(nginx_path))
