"""Plain files of an e-mail make a capture; links, pipes and large files among them are not read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.errors import InputError
from nimnetcheck.twin.capture import files as capture_files
from nimnetcheck.twin.capture.files import NETWORK, folder, gather
from nimnetcheck.twin.capture.value import Unread, Variant

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def firewalld(tmp_path: Path) -> Path:
    path = tmp_path / "firewalld"
    (path / "zones").mkdir(parents=True)
    (path / "firewalld.conf").write_text("DefaultZone=public\n", encoding="utf-8")
    (path / "zones" / "public.xml").write_bytes(b"<zone>\r\n</zone>\r\n")
    (path / "zones" / "public.xml.old").write_text("<zone/>", encoding="utf-8")
    return path


def test_each_file_is_named_as_it_was_given(tmp_path: Path) -> None:
    save = tmp_path / "rules.v6"
    save.write_bytes(b"*filter\r\n:OUTPUT DROP [0:0]\r\nCOMMIT\r\n")
    capture = gather(ip6tables=save)
    given = capture.save(Variant.NFT, 6)
    assert given is not None
    assert given.source.file == str(save)
    assert given.source.text == "*filter\n:OUTPUT DROP [0:0]\nCOMMIT\n"
    assert capture.unread == (NETWORK,)


def test_nothing_given_is_nothing_to_judge() -> None:
    with pytest.raises(InputError, match="nothing to judge"):
        gather()


def test_the_configuration_is_read_and_its_old_copies_are_not(firewalld: Path) -> None:
    capture = gather(firewalld=firewalld)
    assert {source.file: source.text for source in capture.firewalld} == {
        "firewalld.conf": "DefaultZone=public\n",
        "zones/public.xml": "<zone>\n</zone>\n",
    }


def test_links_pipes_and_large_files_are_said_and_not_read(firewalld: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = firewalld.parent / "secret.xml"
    secret.write_text("<secret/>", encoding="utf-8")
    (firewalld / "zones" / "link.xml").symlink_to(secret)
    (firewalld / "policies").symlink_to(firewalld.parent)
    os.mkfifo(firewalld / "zones" / "pipe.xml")
    (firewalld / "zones" / "large.xml").write_text("x" * 100, encoding="utf-8")
    monkeypatch.setattr(capture_files, "MAX_BYTES", 99)
    files, unread = folder(firewalld)
    assert [source.file for source in files] == ["firewalld.conf", "zones/public.xml"]
    assert unread == (
        Unread(part="firewalld zones/large.xml", because="more than 0 KiB"),
        Unread(part="firewalld zones/link.xml", because="Too many levels of symbolic links"),
        Unread(part="firewalld zones/pipe.xml", because="not a plain file"),
    )


def test_another_folder_and_too_many_files_are_refused(firewalld: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="no folder of firewalld"):
        folder(firewalld / "zones")
    monkeypatch.setattr(capture_files, "MAX_FILES", 1)
    with pytest.raises(InputError, match="more than 1 files"):
        folder(firewalld)
