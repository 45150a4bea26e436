"""Where no namespace can be made, the setting that forbids it and what would allow it."""

from __future__ import annotations

import errno

import pytest

from nimnetcheck.twin.forbidden import explain


@pytest.mark.parametrize(
    ("code", "settings", "named"),
    [
        (errno.ENOSPC, {"user.max_user_namespaces": "0"}, "user.max_user_namespaces=0"),
        (errno.ENOSPC, {"user.max_net_namespaces": "0"}, "user.max_net_namespaces=0"),
        (errno.EPERM, {"kernel.unprivileged_userns_clone": "0"}, "kernel.unprivileged_userns_clone=0"),
        (errno.EACCES, {"kernel.apparmor_restrict_unprivileged_userns": "1"}, "apparmor"),
        (errno.EPERM, {"user.max_user_namespaces": "100"}, "container"),
        (errno.ENOSPC, {}, "limit"),
    ],
)
def test_the_reason_is_named(code: int, settings: dict[str, str], named: str) -> None:
    words = explain(code, settings)
    assert named in words
    assert errno.errorcode[code] in words


def test_a_setting_that_allows_is_not_blamed() -> None:
    assert "max_user_namespaces" not in explain(errno.EPERM, {"user.max_user_namespaces": "96365"})


def test_this_machines_settings_are_read() -> None:
    assert explain(errno.EPERM)
