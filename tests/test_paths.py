"""The products' files are looked for where the vendor's pages say that they are."""

from __future__ import annotations

from nimnetcheck import paths
from nimnetcheck.site.facts import read


def test_without_other_words_these_are_read() -> None:
    found = read()
    assert found.nms is None or found.nms.path == paths.NMS_CONF
    assert found.mgmt is None or found.mgmt.path == paths.NGINX_CONF
    assert (str(paths.NMS_CONF), str(paths.NGINX_CONF)) == ("/etc/nms/nms.conf", "/etc/nginx/nginx.conf")
