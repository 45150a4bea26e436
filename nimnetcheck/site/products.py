"""What is installed here, whether it runs, with which configuration, and what it has kept: as observations."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from nimnetcheck.model import Failure, Observation, Outcome, Rung
from nimnetcheck.site import services, state
from nimnetcheck.site.facts import REPORTS
from nimnetcheck.site.host import SUBJECT, failed, passed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from nimnetcheck.site.facts import Facts

UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86400}
INTERVAL = re.compile(r"(\d{1,6})([smhd])")


def installed(facts: Facts) -> tuple[Observation, ...]:
    """The products of this host and what is wrong with their configuration: true before they ever ran, too."""
    return (*_nim(facts), *_nginx_plus(facts))


def observe(facts: Facts, now: datetime, proc: Path = services.PROC) -> tuple[Observation, ...]:
    """What there is to say of products that should be at work; nothing for what is not here. `now` is aware."""
    seen = services.running(proc)
    return (*installed(facts), *_at_work(facts, now, seen), *(state.room() if facts.profiles else ()))


def interval_s(text: str) -> int:
    """Seconds of an interval as the configurations write it, `90m` or `1h30m`; 0 where it is none."""
    parts = INTERVAL.findall(text)
    return sum(int(number) * UNITS_S[unit] for number, unit in parts) if INTERVAL.sub("", text) == "" else 0


def _nim(facts: Facts) -> Iterator[Observation]:
    if facts.versions.nim:
        version = ".".join(str(part) for part in facts.versions.nim)
        mode = facts.nms.mode if facts.nms and not facts.nms.problem else ""
        yield passed("NIM", f"{version}, {mode}" if mode else version, _product("nim", version=version, mode=mode))
    if facts.nms is None:
        return
    proxy = facts.nms.proxy
    wrong = (*facts.nms.objections, *(proxy.objections if proxy else ()))
    if facts.nms.problem.endswith("Permission denied"):
        yield _skipped("nms.conf", f"{facts.nms.problem}: root or the user nms may read it")
    elif facts.nms.problem or wrong:
        yield failed("nms.conf", Failure.CONFIG_INVALID, facts.nms.problem or "; ".join(wrong))


def _nginx_plus(facts: Facts) -> Iterator[Observation]:
    release, mgmt = facts.versions.nginx_plus, facts.mgmt
    if not release:
        return
    reporting = {"release": release, "reports_directly": facts.reports_directly}
    interval = interval_s(mgmt.interval) if mgmt else 0
    yield passed("NGINX Plus", f"R{release}", _product("nginx-plus", **reporting, interval_s=interval or UNITS_S["h"]))
    if mgmt and mgmt.problem:
        yield _skipped("nginx.conf", f"{mgmt.problem}: what stands in its mgmt block is not known")


def _at_work(facts: Facts, now: datetime, seen: Mapping[str, float]) -> Iterator[Observation]:
    """Whether the services run, with the configuration in force, and what NGINX Plus has kept of its reports."""
    if facts.versions.nim:
        yield from services.observe(services.NIM, "NIM's services", seen)
    if facts.nms and not facts.nms.problem:
        yield from services.applied(facts.nms.path, seen)
    release, mgmt = facts.versions.nginx_plus, facts.mgmt
    if release:
        yield from services.observe(services.NGINX, "NGINX", seen)
    if release and release >= REPORTS and mgmt and not mgmt.problem:
        yield state.reports(Path(mgmt.state_path), now, enforced=mgmt.enforce_initial_report)


def _product(name: str, **more: object) -> Mapping[str, object]:
    return {"product": name, **more}


def _skipped(title: str, because: str) -> Observation:
    return Observation(subject=SUBJECT, rung=Rung.HOST, title=title, outcome=Outcome.SKIPPED, because=because)
