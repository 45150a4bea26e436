"""Text and observations of a site, with secrets taken out and pseudonyms for what names the site: pure."""

from __future__ import annotations

import re
from collections import Counter
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

import attrs

from nimnetcheck.bundle.secrets import SECRET_KEY, take_out
from nimnetcheck.model import Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nimnetcheck.bundle.pseudonyms import Pseudonyms
    from nimnetcheck.model import Observation

# Names that are the vendor's or a standard's.
KEPT_DOMAINS = (
    *("f5.com", "f5networks.net", "nginx.com", "nginx.org", "example.com", "example.net", "example.org"),
    *("example", "invalid", "localhost", "test"),
)
# What looks like a name and is a file: endings that are no top-level domain.
FILE_ENDINGS = frozenset(
    {
        "conf",
        "cfg",
        "ini",
        "json",
        "jsonl",
        "log",
        "txt",
        "jwt",
        "gz",
        "gzip",
        "tar",
        "pem",
        "crt",
        "key",
        "xml",
        "toml",
    }
    | {"yaml", "yml", "html", "nft", "rules", "service", "socket", "timer", "sock", "pid"}
)
EVERYBODYS = frozenset({"localhost", "nginx", "nim", "nms", "client", "host", "linux", "debian", "ubuntu"})
_V4 = r"\d{1,3}(?:\.\d{1,3}){3}"
_V6 = rf"(?:[0-9A-Fa-f]{{0,4}}:){{2,7}}(?:{_V4}|[0-9A-Fa-f]{{0,4}})"
_RANGE = re.compile(rf"(?<![\w.:])(?P<first>{_V4}|{_V6})-(?P<last>{_V4}|{_V6})(?![\w:])")
_MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_MAC = r"(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}(?![:\w])"
_NAME = r"(?:[A-Za-z0-9_](?:[\w-]{0,61}[A-Za-z0-9_])?\.)+[A-Za-z]{2,24}(?![\w-])"
_HOME = r"(?<=/home/)[\w.-]+"
_ADDRESS = (
    rf"(?<![\w.:])(?:(?P<mac>{_MAC})|(?P<v6>{_V6})(?P<long6>/\d{{1,3}})?(?![\w:])"
    rf"|(?P<v4>{_V4})(?P<long4>/\d{{1,2}})?(?!\w|\.\d))"
)
_QUOTED = re.compile(r'("[^"\n]*"|>[^<>]*<)')


class Redaction:
    """What is done to every text that goes into one bundle; `count` says how often what was done."""

    def __init__(self, pseudonyms: Pseudonyms, *, secrets: Iterable[str] = (), names: Iterable[str] = ()) -> None:
        self.pseudonyms = pseudonyms
        self.count: Counter[str] = Counter()
        self._secrets = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
        own = sorted({name for name in names if name and name.lower() not in EVERYBODYS}, key=len, reverse=True)
        words = "|".join(map(re.escape, own)) or r"(?!)"
        self._addresses = re.compile(_ADDRESS)
        self._pattern = re.compile(
            rf"(?P<mail>{_MAIL})|{_ADDRESS}|(?P<home>{_HOME})"
            rf"|(?<![\w.-])(?:(?P<name>{_NAME})|(?P<own>(?:{words})(?![\w-])))",
            re.IGNORECASE,
        )

    def prepare(self, texts: Iterable[str]) -> None:
        """Learn which ranges rules write with their two ends; before anything is redacted."""
        for text in texts:
            for found in _RANGE.finditer(text):
                try:
                    first, last = ip_address(found["first"]), ip_address(found["last"])
                except ValueError:
                    continue
                if first.version == last.version:
                    self.pseudonyms.keep_order(first, last)

    def text(self, text: str) -> str:
        """A text without secrets, and with pseudonyms."""
        for secret in self._secrets:
            self.count["value"] += text.count(secret)
            text = text.replace(secret, "[removed]")
        return self._pattern.sub(self._replace, take_out(text, self.count))

    def rules(self, text: str) -> str:
        """A ruleset that still loads: names and secrets stand in its comments; elsewhere only addresses change."""
        done = []
        for piece in _QUOTED.split(text):
            if piece[:1] in {'"', ">"}:
                done.append(piece[0] + self.text(piece[1:-1]) + piece[-1])
            else:
                done.append(self._addresses.sub(self._replace, piece))
        return "".join(done)

    def observation(self, observation: Observation) -> Observation:
        """What was seen, redacted; a `Target` keeps its port."""
        return attrs.evolve(
            observation,
            subject=self.text(observation.subject),
            title=self.text(observation.title),
            because=self.text(observation.because),
            detail=self.text(observation.detail),
            target=self._target(observation.target),
            evidence=self._values(observation.evidence),
        )

    def _target(self, target: Target | None) -> Target | None:
        if target is None:
            return None
        return Target(
            host=target.host and self.text(target.host),
            address=self.pseudonyms.address(target.address),
            port=target.port,
            dial=target.dial and (self.pseudonyms.address(target.dial[0]), target.dial[1]),
        )

    def _values(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {key: self._value(key, value) for key, value in values.items()}

    def _value(self, key: str, value: Any) -> Any:  # noqa: ANN401 (a JSON value)
        if isinstance(value, str):
            return "[removed]" if value and SECRET_KEY.fullmatch(key) else self.text(value)
        if isinstance(value, (list, tuple)):
            return [self._value(key, item) for item in value]
        return self._values(value) if isinstance(value, dict) else value

    def _replace(self, found: re.Match[str]) -> str:
        kind = found.lastgroup or ""
        text = found.group()
        if found["v4"] or found["v6"]:
            return self._address(found["v4"] or found["v6"], found["long4"] or found["long6"] or "", text)
        if kind == "mac":
            self.count["hardware address"] += 1
            return self.pseudonyms.mac(text)
        if kind == "name" and _is_everybodys(text):
            return text
        self.count["name"] += 1
        if kind in {"mail", "home"}:
            return self.pseudonyms.token("user", text)
        return self.pseudonyms.host_name(text)

    def _address(self, literal: str, length: str, whole: str) -> str:
        try:
            address = ip_address(literal)
            network = ip_network(literal + length, strict=False) if length else None
        except ValueError:
            return whole  # a time, a version: no address
        found = self.pseudonyms.address(address)
        if network and address == network.network_address:
            found = ip_network(f"{found}{length}", strict=False).network_address
            if found != address:
                self.pseudonyms.given[f"{found}{length}"] = whole
        self.count["address"] += found != address
        return f"{found}{length}"


def _is_everybodys(name: str) -> bool:
    name = name.lower()
    last = name.rpartition(".")[2]
    return last in FILE_ENDINGS or any(name == domain or name.endswith(f".{domain}") for domain in KEPT_DOMAINS)
