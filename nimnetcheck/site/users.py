"""The users that the products of this host run as: rules of firewalls, routes and policies can ask who sends."""

from __future__ import annotations

import os
import pwd
from typing import TYPE_CHECKING

from nimnetcheck.model import Observation, Outcome, Rung
from nimnetcheck.net.as_user import User
from nimnetcheck.site.environment import PROC, PROGRAMS
from nimnetcheck.site.host import SUBJECT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from nimnetcheck.site.facts import Facts

NIM, NGINX = "nms", "nginx"  # the accounts that their packages make
MAX_USERS = 4


def service_users(facts: Facts, proc: Path = PROC) -> tuple[User, ...]:
    """Whom the products that are installed here run as, by their accounts and their processes; root is none of them."""
    if not (facts.versions.nim or facts.nms or facts.versions.nginx_plus):
        return ()
    found = {account.pw_uid: account for account in (*_owners(proc), *_accounts(facts))}
    return tuple(_user(account) for uid, account in found.items() if uid not in (0, os.geteuid()))[:MAX_USERS]


def as_users(users: Sequence[User]) -> tuple[Observation, ...]:
    """That nothing was tried as these users, where only root could; nothing for root, and where there is none."""
    if not users or os.geteuid() == 0:
        return ()
    names = ", ".join(user.name for user in users)
    words = f"only root can connect as {names}, and rules can ask which user sends: sudo nimnetcheck diagnose"
    return (
        Observation(subject=SUBJECT, rung=Rung.HOST, title="Service users", outcome=Outcome.SKIPPED, because=words),
    )


def _accounts(facts: Facts) -> Iterator[pwd.struct_passwd]:
    wanted = {NIM: facts.versions.nim or facts.nms, NGINX: facts.versions.nginx_plus}
    for account in pwd.getpwall():
        if wanted.get(account.pw_name):
            yield account


def _owners(proc: Path) -> Iterator[pwd.struct_passwd]:
    """The users of the programs that run; one without an account here, as a container's, is none."""
    uids = {uid for uid in map(_owner, sorted(proc.glob("[0-9]*"))) if uid is not None}
    for account in pwd.getpwall():
        if account.pw_uid in uids:
            yield account


def _owner(process: Path) -> int | None:
    """Who runs one of the products' programs; None of any other."""
    try:
        name = (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
        return process.stat().st_uid if PROGRAMS.fullmatch(name) else None
    except OSError:
        return None


def _user(account: pwd.struct_passwd) -> User:
    groups = tuple(os.getgrouplist(account.pw_name, account.pw_gid))
    return User(name=account.pw_name, uid=account.pw_uid, gid=account.pw_gid, groups=groups)
