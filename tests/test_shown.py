"""Every output that README and the documents show is what the commands say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.shown import PAGES, ROOT, holds, outputs, prepare, run

if TYPE_CHECKING:
    from pathlib import Path

SHOWING = [page for page in PAGES if outputs(page)]


@pytest.mark.slow
@pytest.mark.kernel
@pytest.mark.parametrize("page", SHOWING, ids=lambda page: page.name)
def test_what_is_shown_is_what_is_said(page: Path, tmp_path: Path) -> None:
    prepare(page, tmp_path)
    for command, lines in outputs(page):
        said = run(command, tmp_path)
        wrong = holds(said, lines)
        assert not wrong, "\n".join([f"{page.name}: $ {command}", wrong, "", *said])


def test_another_output_would_be_noticed() -> None:
    said = ["PASS  all of it, 12 ms", "", "exit code 0, 0.1 s, run 0123456789ab"]
    assert holds(said, ["PASS  all of it, 99 ms", "", "exit code 0, 3.1 s, run ba9876543210"]) == ""
    assert holds(said, ["...", "exit code 0, 3.1 s, run ba9876543210"]) == ""
    assert holds(said, ["PASS  all of it, 1 ms", "..."]) == ""
    assert holds(said, ["FAIL  all of it, 99 ms", "..."])
    assert holds(said, ["PASS  all of it, 99 ms"])
    assert holds(said, ["...", "exit code 1, 3.1 s, run ba9876543210"])


def test_readme_and_the_tutorials_show_outputs() -> None:
    assert {"README.md", "tutorial-installer.md", "tutorial-firewall.md", "tutorial-support.md"} <= {
        page.relative_to(ROOT).name for page in SHOWING
    }
