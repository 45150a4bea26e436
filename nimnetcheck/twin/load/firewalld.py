"""firewalld's permanent configuration into the twin, by firewalld's own loader: without its daemon, its bus or root.

Only where the rules that it made were not captured: a running firewalld's table holds more than its files.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nimnetcheck.twin import tools
from nimnetcheck.twin.capture.value import Source
from nimnetcheck.twin.load import nft as load_nft
from nimnetcheck.twin.load import pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nimnetcheck.twin.capture.value import Capture
    from nimnetcheck.twin.load.loaded import Loaded

TABLE = "firewalld"
_PYTHONS = ("/usr/libexec/platform-python", "/usr/bin/python3")  # Red Hat's own, and everybody's
# In a mount namespace of its own: firewalld keeps its state in /run, and so do its files here.
_LOADER = """
import json, os, subprocess, sys
subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)
os.makedirs("/run/firewalld")
for name, text in json.load(sys.stdin).items():
    path = os.path.join("/run/etc", name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
from firewall import config
config.set_system_config_paths("/run/etc")
from firewall.core.fw import Firewall
Firewall().start()
"""


def is_needed(capture: Capture) -> bool:
    """Whether there are files of firewalld, and not the table that it made of them."""
    if not capture.firewalld:
        return False
    from nimnetcheck.twin.capture.nft import has_table  # noqa: PLC0415 (only where there are such files)

    return not (capture.nft and has_table(capture.nft, "inet", TABLE))


def load(files: Sequence[Source]) -> Loaded:
    """Load the files, first of all; raises pieces.LoadError with firewalld's own words."""
    ran = _run(json.dumps({file.file: file.text for file in files}))
    if ran.is_refused:
        last = next((line for line in reversed(ran.said.splitlines()) if line.strip()), ran.reason)
        raise pieces.LoadError(f"firewalld's loader: {last}")
    listed = Source(file="", text=tools.run(("nft", "list", "ruleset")).out)
    return load_nft.place(listed)


def _run(text: str) -> tools.Ran:
    python = next((path for path in _PYTHONS if tools.find(path)), _PYTHONS[-1])
    return tools.run(("unshare", "-m", "--propagation", "private", python, "-I", "-c", _LOADER), text)
