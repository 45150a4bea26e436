"""What programs of this host get for a name; only names that need no network."""

from __future__ import annotations

import socket
import threading
from ipaddress import ip_address

import pytest

from nimnetcheck.failures import LateError
from nimnetcheck.net import drive, monotonic
from nimnetcheck.net import system as net_system
from nimnetcheck.net.system import SystemAnswer, system_addresses


def ask(host: str, seconds: float = 5.0) -> SystemAnswer:
    return drive(system_addresses(host, monotonic() + seconds), 10.0)


def test_an_address_is_its_own_answer() -> None:
    assert ask("127.0.0.1").addresses == (ip_address("127.0.0.1"),)


@pytest.mark.parametrize(("host", "error"), [("a" * 64 + ".example", ""), ("\x00", "")])
def test_what_cannot_be_a_name_is_an_error_and_no_exception(host: str, error: str) -> None:
    assert ask(host).error != error


def test_the_library_s_error_keeps_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    assert ask("usage.example") == SystemAnswer(error="EAI_NONAME")


def test_a_library_that_hangs_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()

    def hang(host: str) -> SystemAnswer:
        release.wait(10)
        return SystemAnswer(error=host)

    monkeypatch.setattr(net_system, "_look_up", hang)
    with pytest.raises(LateError):
        ask("usage.example", 0.1)
    release.set()
