"""Whom the products run as: accounts that their packages make, and the owners of what runs; root is left out."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from nimnetcheck.net.as_user import User
from nimnetcheck.site import nms_conf, users
from nimnetcheck.site.facts import Facts
from nimnetcheck.site.versions import Versions

PLUS = Facts(versions=Versions(nginx_plus=34))
NIM = Facts(nms=nms_conf.NmsConf(path=Path("nms.conf")))
OTHER = next(account for account in pwd.getpwall() if account.pw_uid not in (0, os.geteuid()))


def process(proc: Path, name: str, uid: int = -1) -> None:
    folder = proc / "12"
    folder.mkdir(exist_ok=True)
    (folder / "comm").write_text(f"{name}\n", encoding="utf-8")
    if uid != -1:
        os.chown(folder, uid, -1)


def test_without_a_product_nobody_s_connections_matter(tmp_path: Path) -> None:
    process(tmp_path, "nginx")
    assert users.service_users(Facts(), tmp_path) == ()


def test_each_product_has_its_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for mine, theirs, facts in (("NIM", "NGINX", NIM), ("NGINX", "NIM", PLUS)):
        monkeypatch.setattr(users, mine, OTHER.pw_name)
        monkeypatch.setattr(users, theirs, "nobody-that-exists")
        (found,) = users.service_users(facts, tmp_path)
        assert (found.name, found.uid, found.gid) == (OTHER.pw_name, OTHER.pw_uid, OTHER.pw_gid)
        assert OTHER.pw_gid in found.groups


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
@pytest.mark.parametrize(("name", "is_ours"), [("nms-core", True), ("nginx", True), ("bash", False)])
def test_who_runs_a_program_of_theirs(tmp_path: Path, name: str, *, is_ours: bool) -> None:
    process(tmp_path, name, OTHER.pw_uid)
    found = [user.uid for user in users.service_users(PLUS, tmp_path)]
    assert (OTHER.pw_uid in found) is is_ours


def test_root_and_who_asks_are_none_of_them(tmp_path: Path) -> None:
    process(tmp_path, "nginx")
    assert {0, os.geteuid()}.isdisjoint(user.uid for user in users.service_users(PLUS, tmp_path))


def test_an_ordinary_user_is_told_that_only_root_can_look(monkeypatch: pytest.MonkeyPatch) -> None:
    nms = User(name="nms", uid=991, gid=991)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    (told,) = users.as_users([nms])
    assert "only root can connect as nms" in told.because
    assert users.as_users([]) == ()
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert users.as_users([nms]) == ()
