"""Units as systemd puts them together: which file counts, in which order, and what lists of several lines hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nimnetcheck.site.units import last, lists, settings, words

if TYPE_CHECKING:
    from pathlib import Path

    from nimnetcheck.site.units import Setting

NAME = "nms-integrations"


def write(folder: Path, name: str, *lines: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["[Service]", *lines, ""]), encoding="utf-8")


def read(tmp_path: Path, *lines: str) -> tuple[Setting, ...]:
    write(tmp_path, f"{NAME}.service", *lines)
    return settings(NAME, (tmp_path,))


def test_the_administrator_s_file_hides_the_package_s(tmp_path: Path) -> None:
    etc, usr = tmp_path / "etc", tmp_path / "usr"
    write(usr, f"{NAME}.service", "PrivateNetwork=yes")
    assert [one.value for one in settings(NAME, (etc, usr))] == ["yes"]
    write(etc, f"{NAME}.service", "PrivateNetwork=no")
    assert [one.value for one in settings(NAME, (etc, usr))] == ["no"]
    assert settings("nginx", (etc, usr)) == ()


def test_drop_ins_of_every_kind_count_by_their_names(tmp_path: Path) -> None:
    etc, usr = tmp_path / "etc", tmp_path / "usr"
    write(usr, f"{NAME}.service", "A=unit")
    for number, kind in ((1, "service.d"), (3, "nms-.service.d"), (2, f"{NAME}.service.d"), (4, "other.service.d")):
        write(usr, f"{kind}/{number}.conf", f"A={number}")
    assert [one.value for one in settings(NAME, (etc, usr))] == ["unit", "1", "2", "3"]
    write(etc, f"{NAME}.service.d/2.conf", "A=two")
    assert [one.value for one in settings(NAME, (etc, usr))] == ["unit", "1", "two", "3"]


def test_a_masked_drop_in_is_none(tmp_path: Path) -> None:
    etc, usr = tmp_path / "etc", tmp_path / "usr"
    write(usr, f"{NAME}.service")
    write(usr, f"{NAME}.service.d/a.conf", "A=1")
    (etc / f"{NAME}.service.d").mkdir(parents=True)
    (etc / f"{NAME}.service.d/a.conf").symlink_to("/dev/null")
    assert settings(NAME, (etc, usr)) == ()


def test_only_the_section_of_the_service_counts(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.service").write_text(
        "[Unit]\nA=1\n[Service]\n# A=2\n;A=3\nA = 4 \\\n  5\nnonsense\n\n[Install]\nA=6\n", encoding="utf-8"
    )
    (found,) = settings(NAME, (tmp_path,))
    assert (found.key, found.value.split(), found.path.name) == ("A", ["4", "5"], f"{NAME}.service")


def test_the_last_counts_and_an_empty_one_begins_a_list_anew(tmp_path: Path) -> None:
    given = read(tmp_path, "A=1 2", "A=3", "B=4", "B=", "B=5")
    assert words(given, "A") == ("1", "2", "3")
    assert words(given, "B") == ("5",)
    counts = last(given, "B")
    assert counts
    assert counts.value == "5"
    assert last(given, "C") is None


@pytest.mark.parametrize(
    ("lines", "through", "out"),
    [
        (("A=x y",), {"x", "y"}, set()),
        (("A=~x y",), set(), {"x", "y"}),
        (("A=x y", "A=~x"), {"y"}, {"x"}),
        (("A=~x", "A=x"), {"x"}, set()),
        (("A=~x:EPERM",), set(), {"x"}),
        (("A=~x", "A="), set(), set()),
    ],
)
def test_filters_take_in_and_leave_out(
    tmp_path: Path, lines: tuple[str, ...], through: set[str], out: set[str]
) -> None:
    assert [set(names) for names in lists(read(tmp_path, *lines), "A")] == [through, out]
