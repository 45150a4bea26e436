"""The packaged catalogue is complete, and a user's own is added, replaces it, or is refused with its line."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimnetcheck.catalogue import is_host_name, load
from nimnetcheck.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

OWN = """\
[[endpoint]]
id = "our-nim"
host = "nim.example.com"
port = 8443
purpose = "Our NIM"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ("nim-2.21", {"telemetry-range", "teem", "teem-entitlements"}),
        ("nim-2.22", {"telemetry-range", "usage"}),
        ("nginx-plus", {"usage"}),
        ("browser", {"web-analytics"}),
        ("all", {"telemetry-range", "teem", "teem-entitlements", "usage"}),
    ],
)
def test_profiles_hold_what_each_product_version_needs(profile: str, expected: set[str]) -> None:
    assert {endpoint.id for endpoint in load().endpoints_for([profile])} == expected


def test_the_published_addresses_are_those_of_the_vendor_page() -> None:
    usage = load().endpoint("usage")
    assert usage is not None
    assert set(usage.networks) == {
        ip_network(text) for text in ("3.135.72.139", "3.133.232.50", "52.14.85.249", "2600:1f16:19c8:d400::/62")
    }


def test_the_telemetry_range_covers_none_of_the_licence_addresses() -> None:
    catalogue = load()
    telemetry, usage = catalogue.endpoint("telemetry-range"), catalogue.endpoint("usage")
    assert telemetry is not None
    assert usage is not None
    (range_,) = telemetry.networks
    assert range_ == ip_network("159.60.126.0/25")
    assert not any(ip_address(str(network[0])) in range_ for network in usage.networks)


def test_every_endpoint_names_its_page_and_every_data_point_its_trigger() -> None:
    catalogue = load()
    assert all(endpoint.source.startswith("https://") for endpoint in catalogue.endpoints)
    assert [point.name for point in catalogue.data_points] == [
        "Installation",
        "Login",
        "Start/Stop",
        "Adding Data Plane",
        "Product Usage",
    ]
    assert all(point.trigger for point in catalogue.data_points)


def test_a_user_adds_endpoints_to_every_profile(tmp_path: Path) -> None:
    catalogue = load(write(tmp_path, OWN))
    assert "our-nim" in {endpoint.id for endpoint in catalogue.endpoints_for(["nim-2.22"])}
    assert "usage" in {endpoint.id for endpoint in catalogue.endpoints_for(["nim-2.22"])}


def test_a_user_adds_an_endpoint_to_one_profile(tmp_path: Path) -> None:
    catalogue = load(write(tmp_path, OWN + 'profiles = ["nim-2.21"]\n'))
    assert "our-nim" in {endpoint.id for endpoint in catalogue.endpoints_for(["nim-2.21"])}
    assert "our-nim" not in {endpoint.id for endpoint in catalogue.endpoints_for(["nim-2.22"])}


def test_a_user_replaces_the_list(tmp_path: Path) -> None:
    catalogue = load(write(tmp_path, "replace = true\n" + OWN))
    assert [endpoint.id for endpoint in catalogue.endpoints_for(["all"])] == ["our-nim"]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("x = [", 1, "not TOML"),
        ("colour = 1", 1, "unknown key 'colour'"),
        ("[endpoint]\nid = 'a'", 1, r"\[\[endpoint\]\]"),
        (OWN.replace("8443", "0"), 4, "port must be"),
        (OWN.replace("8443", "true"), 4, "port must be"),
        (OWN.replace("nim.example.com", "nim example; drop"), 3, "is not a host name"),
        (OWN.replace("nim.example.com", "192.0.2.1"), 3, "is not a host name"),
        (OWN.replace("Our NIM", "Our\\nNIM"), 5, "printable"),
        (OWN.replace("our-nim", "our nim"), 2, "use a-z"),
        (OWN + 'networks = ["192.0.2.1/24"]\n', 6, "did you mean 192.0.2.0/24"),
        (OWN + 'networks = ["::/0"]\n', 6, "covers every address"),
        (OWN + "colour = 1\n", 6, "unknown key 'colour'"),
        (OWN + 'profiles = ["nim-9"]\n', 6, "no known profile"),
        (OWN + OWN, 7, "defined twice"),
        ('[[endpoint]]\nid = "a"\npurpose = "b"\n', 2, "needs a host or networks"),
        ('[[profile]]\nid = "a"\nendpoints = ["no-such"]\n', 3, "no endpoint 'no-such'"),
    ],
)
def test_a_broken_file_is_refused_with_file_line_and_reason(tmp_path: Path, text: str, line: int, reason: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(InputError, match=reason) as refused:
        load(path)
    assert str(refused.value).startswith(f"{path}:{line}: ")


def test_a_file_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file"):
        load(tmp_path / "none.toml")


def test_a_file_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="larger than"):
        load(write(tmp_path, "#" * (1 << 20) + "\n"))


def test_an_unknown_profile_lists_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"no profile 'nim-3': choose from nim-2\.21, .*all"):
        load().endpoints_for(["nim-3"])


@given(st.text(max_size=80))
def test_a_host_name_never_holds_what_a_shell_or_a_rule_would_read(text: str) -> None:
    if is_host_name(text):
        assert set(text.lower()) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_.*")
        assert not text.startswith("-")
