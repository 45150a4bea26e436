"""A kernel that does not show what it is known to do is not believed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.errors import NotJudgedError
from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin import selftest
from nimnetcheck.twin.answer import Firewall, Judged, Rule
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.namespace import Sender

if TYPE_CHECKING:
    from collections.abc import Iterator

FLOW = parse("tcp:198.51.100.1:443")
KNOWN = Rule(firewall=Firewall.NFTABLES, family="inet", table="known", chain="output", line=5)
DROP, ACCEPT = (
    Judged(flow=FLOW, verdict=KernelVerdict.DROP, rule=KNOWN),
    Judged(flow=FLOW, verdict=KernelVerdict.ACCEPT),
)
NOTHING = Judged(flow=FLOW, verdict=KernelVerdict.NOT_JUDGED, because="silence")
ELSEWHERE = Judged(
    flow=FLOW,
    verdict=KernelVerdict.DROP,
    rule=Rule(firewall=Firewall.NFTABLES, family="x", table="x", chain="x", line=4),
)


class Kernel:
    """A kernel that says what it is told to."""

    def __init__(self, *said: Judged) -> None:
        self.said = said

    def judge(self) -> tuple[Judged, ...]:
        """The same whenever it is asked."""
        return self.said


@pytest.mark.parametrize(
    ("said", "believed"),
    [
        ((DROP, ACCEPT), True),
        ((ACCEPT, ACCEPT), False),
        ((NOTHING, ACCEPT), False),
        ((ELSEWHERE, ACCEPT), False),
        ((DROP, NOTHING), False),
        ((DROP, DROP), False),
    ],
)
def test_only_the_known_answer_is_believed(
    monkeypatch: pytest.MonkeyPatch, said: tuple[Judged, Judged], *, believed: bool
) -> None:
    @contextmanager
    def fake(*_: object) -> Iterator[Kernel]:
        yield Kernel(*said)

    monkeypatch.setattr(selftest, "twin", fake)
    if believed:
        selftest.check(Sender())
    else:
        with pytest.raises(NotJudgedError, match="self-test"):
            selftest.check(Sender())
