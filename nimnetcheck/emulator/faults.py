"""What the emulator can be told to do wrong, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from nimnetcheck.emulator.routes import refusal
from nimnetcheck.errors import InputError

if TYPE_CHECKING:
    from starlette.responses import Response

STATUSES = {
    "bulk": (401, 403, 413, 429, 500, 503),
    "batch": (400, 401, 403, 413, 429, 500, 503),
    "nim": (401, 403, 429, 500, 502),
}
OTHERS = {
    "status-stuck": "the bulk status stays at 50 %",
    "status-unsuccessful": "the bulk status is 100 % complete and 0 % successful",
    "status-no-link": "202 without a statusLink",
    "status-absolute-link": "the statusLink holds the whole path",
    "bulk-not-json": "202 with a body that is no JSON",
    "ack-truncated": "the acknowledgement zip is cut in half",
    "nim-connected-mode": "NIM says that it is connected",
    "nim-already-registered": "NIM has the licence already",
    "block-page": "a web filter's page in place of every answer of the vendor",
    "redirect-portal": "a portal's redirect in place of every answer of the vendor",
    "untrusted-ca": "vendor certificates of another authority",
    "expired-certificate": "vendor certificates that have expired",
}
FAULTS: dict[str, str] = {
    **{f"{name}-{code}": f"HTTP {code} from {name}" for name, codes in STATUSES.items() for code in codes},
    **OTHERS,
}


def _known(_faults: object, _field: object, names: frozenset[str]) -> None:
    for name in sorted(names - set(FAULTS)):
        raise InputError(f"no fault {name!r}: `nimnetcheck emulate --list-faults` names them")


@attrs.frozen(kw_only=True)
class Faults:
    """The faults that are switched on; raises InputError for an unknown name."""

    names: frozenset[str] = attrs.field(validator=_known)

    def has(self, name: str) -> bool:
        """Whether this fault is on."""
        return name in self.names

    def status(self, of: str) -> Response | None:
        """The refusal that a status fault of this name gives, if one is on."""
        for code in STATUSES[of]:
            if f"{of}-{code}" in self.names:
                return refusal(code, "a fault that was asked for")
        return None
