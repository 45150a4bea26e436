"""A page in a real browser: what it measures, by day and at night, at any width."""

from __future__ import annotations

import html
import json
import re
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.machine import needed

if TYPE_CHECKING:
    from collections.abc import Iterator

LIGHT, DARK = 1, 0
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
MEASURE = (Path(__file__).parent / "measure.html").read_text(encoding="utf-8")


def measure(page: str, folder: Path, *, width: int, scheme: int) -> Any:  # noqa: ANN401 (what the page measured, as JSON)
    """What a browser measures of a page in a frame of that width, every fold of it open."""
    with _served({"/": MEASURE.replace("WIDTH", str(width)), "/page": page}) as (address, asked):
        seen = run(folder, f"--blink-settings=preferredColorScheme={scheme}", "--dump-dom", f"http://{address}/")
    found = re.search(r"<pre id=\"measured\">(.*?)</pre>", seen, re.DOTALL)
    assert found is not None, seen[:2000]
    return {**json.loads(html.unescape(found[1])), "asked": asked}


def run(folder: Path, *arguments: str) -> str:
    """What a browser with a new profile says."""
    chromium = needed("chromium", package="chromium")
    command = [chromium, *QUIET, f"--user-data-dir={folder / 'profile'}", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@contextmanager
def _served(pages: dict[str, str]) -> Iterator[tuple[str, list[str]]]:
    """Pages on loopback, and what was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            text = pages.get(self.path)
            self.send_response(404 if text is None else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((text or "").encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()
