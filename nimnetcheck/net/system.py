"""What this host's own resolver says, asked in a thread because it cannot be asked without waiting."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from ipaddress import ip_address
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.failures import LateError
from nimnetcheck.net.steps import Steps, Wait

if TYPE_CHECKING:
    from nimnetcheck.model import Address

MAX_ADDRESSES = 64
ERRORS = {value: name for name, value in vars(socket).items() if name.startswith("EAI_")}


@attrs.frozen(kw_only=True)
class SystemAnswer:
    """The addresses that programs of this host get for a name, or the C library's error (`EAI_…`)."""

    addresses: tuple[Address, ...] = ()
    error: str = ""


def system_addresses(host: str, until: float) -> Steps[SystemAnswer]:
    """Ask as programs do: the hosts file, resolv.conf with its search list, whatever nsswitch.conf names.

    Raises LateError past `until`; the thread is then left behind, as nothing can stop the C library.
    """
    ours, theirs = socket.socketpair()
    found: list[SystemAnswer] = []

    def look_up() -> None:
        with theirs:
            found.append(_look_up(host))
            with suppress(OSError):  # nobody waits any more
                theirs.send(b"!")

    with ours:
        ours.setblocking(False)  # noqa: FBT003 (the standard library's signature)
        threading.Thread(target=look_up, daemon=True).start()
        if not (yield Wait(ours, "read", until)):
            raise LateError
    return found[0]


def _look_up(host: str) -> SystemAnswer:
    try:
        rows = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        return SystemAnswer(error=ERRORS.get(error.errno or 0, str(error.errno)))
    except (OSError, UnicodeError) as error:
        return SystemAnswer(error=str(error))
    texts = dict.fromkeys(str(row[4][0]).partition("%")[0] for row in rows)
    return SystemAnswer(addresses=tuple(ip_address(text) for text in texts)[:MAX_ADDRESSES])
