"""The mgmt block of nginx.conf: where NGINX Plus reports its usage to, how, and with which licence.

Directives and defaults as of NGINX Plus R33 and later. Only the main context and this block are read; `include` in the
main context is followed one level deep, within the folder of the file. The proxy's password stays out of every repr.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.paths import NGINX_CONF
from nimnetcheck.site import text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENDPOINT = "product.connect.nginx.com"
MAX_INCLUDED = 50
TOKEN = re.compile(
    r"""\s+|\#[^\n]*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[{};]|(?:[^\s{};"'\#\\]|\\.)(?:[^\s{};\\]|\\.)*|.""", re.DOTALL
)
Directive = tuple[str, ...]


@attrs.frozen(kw_only=True)
class Mgmt:
    """What the mgmt block says; `problem` is why it could not be read, and then the rest is the defaults.

    `endpoint` may hold a port; `proxy` is HOST:PORT; `trusted` is the CA file for the endpoint, where it is not the
    system's, and `name` the one that its certificate must have, where it is not its host's; `written` are the
    directives that stand in the block, to tell what is set from what is default.
    """

    path: Path
    problem: str = ""
    endpoint: str = ENDPOINT
    interval: str = "1h"
    licence: str = "license.jwt"
    enforce_initial_report: bool = True
    proxy: str = ""
    proxy_username: str = attrs.field(default="", repr=False)
    proxy_password: str = attrs.field(default="", repr=False)
    resolver: tuple[str, ...] = ()
    ssl_verify: bool = True
    trusted: str = ""
    name: str = ""
    state_path: str = "/var/lib/nginx/state"
    written: tuple[str, ...] = ()

    @property
    def licence_file(self) -> Path:
        """The licence's path; a relative one counts from the folder of nginx.conf."""
        return self.path.parent / self.licence

    @property
    def trusted_file(self) -> Path | None:
        """The CA file's path, counted in the same way; None where the system's authorities are trusted."""
        return self.path.parent / self.trusted if self.trusted else None


def read(path: Path = NGINX_CONF) -> Mgmt | None:
    """Read the mgmt block; None where there is no nginx.conf. Without a block, all is default."""
    try:
        content, problem = text.read(path)
    except FileNotFoundError:
        return None
    if problem:
        return Mgmt(path=path, problem=problem)
    directives = list(_mgmt(content))
    for included in _included(content, path.parent):
        directives += _mgmt(included)
    return parse(directives, path)


def parse(directives: list[Directive], path: Path = NGINX_CONF) -> Mgmt:
    """What the directives of a mgmt block say; a later one counts; pure."""
    said = {words[0]: words[1:] for words in directives if words}
    report = dict(word.split("=", 1) for word in said.get("usage_report", ()) if "=" in word)

    def first(name: str, default: str = "") -> str:
        return next(iter(said.get(name, ())), default)

    return Mgmt(
        path=path,
        endpoint=report.get("endpoint", ENDPOINT),
        interval=report.get("interval", "1h"),
        licence=first("license_token", "license.jwt"),
        enforce_initial_report=first("enforce_initial_report", "on") == "on",
        proxy=first("proxy"),
        proxy_username=first("proxy_username"),
        proxy_password=first("proxy_password"),
        resolver=tuple(said.get("resolver", ())),
        ssl_verify=first("ssl_verify", "on") == "on",
        trusted=first("ssl_trusted_certificate"),
        name=first("ssl_name"),
        state_path=first("state_path", "/var/lib/nginx/state"),
        written=tuple(said),
    )


def _mgmt(content: str) -> Iterator[Directive]:
    """The directives directly inside `mgmt { … }` of the main context."""
    for blocks, words in _directives(content):
        if blocks == ("mgmt",):
            yield words


def _included(content: str, folder: Path) -> Iterator[str]:
    """The texts of the files that the main context includes, from the folder of nginx.conf alone."""
    for blocks, words in _directives(content):
        if blocks or words[0] != "include" or len(words) < 2:  # noqa: PLR2004 (the directive and its pattern)
            continue
        pattern = words[1][len(str(folder)) + 1 :] if words[1].startswith(f"{folder}/") else words[1]
        if pattern.startswith("/") or ".." in pattern.split("/"):
            continue
        yield from (text.read(path)[0] for path in sorted(folder.glob(pattern))[:MAX_INCLUDED] if path.is_file())


def _directives(content: str) -> Iterator[tuple[tuple[str, ...], Directive]]:
    """Each directive with the names of the blocks around it."""
    blocks: list[str] = []
    words: list[str] = []
    for match in TOKEN.finditer(content):
        piece = match[0]
        if piece.isspace() or piece.startswith("#"):
            continue
        if piece == "{":
            blocks.append(words[0] if words else "")
            words = []
        elif piece in (";", "}"):
            if words:
                yield tuple(blocks), tuple(words)
            words = []
            if piece == "}" and blocks:
                blocks.pop()
        else:
            words.append(piece[1:-1] if piece[0] in "\"'" and piece[-1] == piece[0] and len(piece) > 1 else piece)
