"""An answer's first round is the capture as it is."""

from __future__ import annotations

from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin.answer import Answer, Judged, Round
from nimnetcheck.twin.flow import parse


def test_the_first_round_is_the_host_as_it_is() -> None:
    before = Judged(flow=parse("tcp:192.0.2.1:443"), verdict=KernelVerdict.DROP)
    after = Judged(flow=before.flow, verdict=KernelVerdict.ACCEPT)
    assert Answer(rounds=(Round(judged=(before,)), Round(judged=(after,)))).judged == (before,)
