"""Where the products keep what they are told to do, as their packages install them."""

from __future__ import annotations

from pathlib import Path

NMS_CONF = Path("/etc/nms/nms.conf")
NGINX_CONF = Path("/etc/nginx/nginx.conf")
