"""A command line whose peak memory is written to a file: `measured.py FILE ARGUMENT...`.

The kernel's own figure for a child counts what its parent held when it was started; VmHWM is that of this program.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from nimnetcheck.cli import run

if __name__ == "__main__":
    code = run(sys.argv[2:])
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    Path(sys.argv[1]).write_text(str(int(found[1]) * 1024 if found else 0))
    sys.exit(code)
