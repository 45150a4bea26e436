"""Licence files: tokens as MyF5 signs them, and what becomes of them on their way to a host. Nothing is sent."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import jwt

from nimnetcheck.emulator.authority import ALGORITHM, JKU, Authority
from tests.lab import network
from tests.lab.scenario import NOBODY, as_named
from tests.lab.scenarios.clock import FAKETIME
from tests.lab.servers import dnsmasq, f5

if TYPE_CHECKING:
    from tests.lab.lab import Lab
    from tests.lab.scenario import Scenario, Start

FILE = f5.LICENCE
DAY_S = 86400
WRONG = ("unreadable", "label", "malformed", "wrong-product", "test-realm", "future", "expired", "whitespace", "grace")
LOOK_ALIKES = (*(f"jwt.{code}" for code in (*WRONG, "near-expiry")), "local.bad-clock")
ON_TMPFS = Path("/run", FILE)  # the laboratory's own, where anybody's root may set labels


def token(*, ends_d: float = 300, issued_d: float = -1, jku: str = JKU, **more: str) -> str:
    """A token with the header and claims of a subscription, signed; days from now."""
    now = time.time()
    claims = {"iss": "F5 Inc.", "aud": "urn:f5:teem", "sub": "LAB-S1", **more}
    claims.update(iat=int(now + issued_d * DAY_S), f5_sat=int(now + ends_d * DAY_S))  # type: ignore[call-overload]
    return jwt.encode(claims, Authority().key, algorithm=ALGORITHM, headers={"kid": "v1", "jku": jku})


def held(text: str = "{}", mode: int = 0o644, **claims: float | str) -> Start:
    """A licence file that holds a token in the midst of a text."""

    def start(lab: Lab) -> None:
        lab.write(FILE, text.format(token(**claims))).chmod(mode)  # type: ignore[arg-type]

    return start


def labelled(kind: str) -> Start:
    """The label is real, and a file stands for the policy that would be enforced: few kernels here have SELinux."""

    def start(lab: Lab) -> None:
        network.run(["mount", "-t", "tmpfs", "tmpfs", "/sys/fs"])
        enforce = Path("/sys/fs/selinux/enforce")
        enforce.parent.mkdir()
        enforce.write_text("1", encoding="ascii")
        held()(lab)
        ON_TMPFS.write_bytes((lab.folder / FILE).read_bytes())
        os.setxattr(ON_TMPFS, "security.selinux", f"system_u:object_r:{kind}:s0".encode())

    return start


def scenario(name: str, shows: str, *start: Start, file: Path = Path(FILE)) -> Scenario:
    """A scenario of this layer: one file is looked at."""
    arguments = ("diagnose", "--no-network", "--license", str(file))
    return as_named(name, shows, *NOBODY, *start, never=LOOK_ALIKES, arguments=arguments)


SCENARIOS = (
    scenario("clean.licence", "a subscription that has most of a year left", held()),
    scenario("jwt.unreadable", "the file is root's alone", held(mode=0)),
    scenario("jwt.unreadable.missing", "there is no such file"),
    scenario("jwt.malformed", "the token was cut off when it was pasted", held("{:.60}")),
    scenario("jwt.whitespace", "an editor has put a line end behind the token", held("{}\n")),
    scenario("jwt.whitespace.mark", "an editor of Windows has put a byte order mark before it", held("\ufeff{}")),
    scenario("jwt.wrong-product", "a token of somebody else's", held(iss="https://login.example/")),
    scenario(
        "jwt.test-realm",
        "a token of F5's test realm",
        held(jku="https://product-tst.apis.f5networks.net/ee/v1/keys/jwks"),
    ),
    scenario("jwt.future", "a token that is issued for next week", held(issued_d=7)),
    scenario("jwt.label", "it was moved there from root's home", labelled("admin_home_t"), file=ON_TMPFS),
    scenario("clean.licence.labelled", "it has the label of nginx's files", labelled("httpd_config_t"), file=ON_TMPFS),
    scenario("jwt.near-expiry", "the subscription ends in ten days", held(ends_d=10)),
    scenario("jwt.grace", "the subscription ended ten days ago", held(ends_d=-10)),
    scenario("jwt.expired", "the subscription ended a hundred days ago", held(issued_d=-400, ends_d=-100)),
    as_named(
        "local.bad-clock.licence",
        "the client's clock runs a year ahead, and the licence seems to be in its grace",
        f5.start,
        dnsmasq.start,
        never=LOOK_ALIKES,
        arguments=("diagnose", "--for", "nginx-plus", "-4", "--timeout", "1.5", "--license", FILE),
        environment={"LD_PRELOAD": FAKETIME, "FAKETIME": "+370d", "FAKETIME_DONT_FAKE_MONOTONIC": "1"},
    ),
)
