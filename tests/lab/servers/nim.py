"""The site's own NIM, in the company's network: the project's emulator, of any version, in either mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from tests.lab.network import PROXY
from tests.lab.servers import f5

if TYPE_CHECKING:
    from tests.lab.lab import Lab

HOST = "nim.example"
PASSWORD_FILE = "password"  # noqa: S105 (a file's name)
REACHED = ("--nim", HOST, "--nim-ca", "proxy-ca.pem", "--resolve", f"{HOST}:443:{PROXY}")


def running(*options: str) -> Callable[[Lab], None]:
    """A NIM, told how to be as `emulate` is; its password and authority lie in the laboratory's folder."""

    def start(lab: Lab) -> None:
        password = lab.folder / PASSWORD_FILE
        f5.emulate(lab, "proxy", "--password-file", str(password), *options)
        while not password.exists():
            lab.wait()

    return start
