"""rules/ is what the catalogue says: the files there are the goldens of every profile, backend and mode."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from nimnetcheck.catalogue import load
from nimnetcheck.firewall import BACKENDS, Mode
from nimnetcheck.firewall.finished import files, main, stale

RULES = Path(__file__).parents[2] / "rules"
FILES = files()


@pytest.mark.parametrize("name", FILES)
def test_the_finished_file_is_fresh(name: str) -> None:
    assert (RULES / name).read_text(encoding="utf-8") == FILES[name], "run make rules"


def test_nothing_else_is_there() -> None:
    assert stale(RULES) == ()
    assert main(["--check", str(RULES)]) == 0


def test_every_profile_backend_and_mode_has_one() -> None:
    wanted = {
        f"{profile.id}/{name}-{mode}{backend.suffix(mode)}"
        for profile, (name, backend), mode in product(load().profiles, BACKENDS.items(), Mode)
    }
    assert set(FILES) == wanted
    assert len(FILES) == 5 * 3 * 3


def test_a_stale_a_missing_and_a_needless_file_are_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 0
    assert main(["--check", str(tmp_path)]) == 0
    (tmp_path / "all" / "nftables-allow.nft").write_text("add table inet mine\n", encoding="utf-8")
    (tmp_path / "all" / "iptables-allow.sh").unlink()
    (tmp_path / "all" / "old.sh").touch()
    assert stale(tmp_path) == ("all/iptables-allow.sh", "all/nftables-allow.nft", "all/old.sh")
    assert main(["--check", str(tmp_path)]) == 1
    assert "old.sh is stale" in capsys.readouterr().err
    main([str(tmp_path)])
    assert stale(tmp_path) == ()


def test_the_page_names_every_profile_backend_and_mode() -> None:
    page = (RULES / "README.md").read_text(encoding="utf-8")
    for word in (*(profile.id for profile in load().profiles), *BACKENDS, *Mode):
        assert f"{word}" in page
