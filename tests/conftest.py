"""What holds for every test: this machine's own way out is nobody's business here."""

from __future__ import annotations

import os

for name in [name for name in os.environ if name.lower() in ("https_proxy", "http_proxy", "all_proxy", "no_proxy")]:
    del os.environ[name]
