"""What `trace` is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nimnetcheck.catalogue import load
from nimnetcheck.cli.traced import MOST, Names, captured, named, profile, write_capture
from nimnetcheck.errors import InputError
from nimnetcheck.twin.wanted import ASKED, Unknown

if TYPE_CHECKING:
    from pathlib import Path

ENDPOINTS = load().endpoints_for(["nim-2.21"])


def test_flows_are_asked_for_once() -> None:
    assert [(one.subject, str(one.flow)) for one in named(["tcp:192.0.2.1:443", "tcp:192.0.2.1:443"])] == [
        (ASKED, "tcp:192.0.2.1:443")
    ]


def test_there_is_an_end_to_flows() -> None:
    with pytest.raises(InputError, match="at most"):
        named(["tcp:192.0.2.1:443"] * (MOST + 1))


def test_pins_give_names_their_addresses() -> None:
    names = Names(resolve=("product.apis.f5.com:443:192.0.2.7",))
    known = {one.subject: isinstance(one, Unknown) for one in profile(ENDPOINTS, names, None, live=False)}
    assert not known["teem"]
    assert any(known.values()), "other names have no address, and nobody is asked"


def test_a_live_host_asks_its_resolvers_too() -> None:
    subjects = {one.subject for one in profile(ENDPOINTS, Names(), "192.0.2.8:3128", live=False)}
    assert subjects == {"proxy"}


def test_a_capture_and_files_contradict_each_other(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="one or the other"):
        captured(tmp_path / "capture", nft=tmp_path / "rules")
    with pytest.raises(InputError, match="reads this host"):
        write_capture(tmp_path / "to", None, nft=tmp_path / "rules")
